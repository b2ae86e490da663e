/**
 * What stream management (XEP-0198) and client state indication (XEP-0352) remember of one session:
 * plain data without threads, sockets or clocks, owned by the session's loop.
 */
package dev.sotto.signalling.stream.management;
