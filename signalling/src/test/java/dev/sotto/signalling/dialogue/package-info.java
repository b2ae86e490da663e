/** A server without sockets, threads or a running clock, for tests that read as dialogues. */
package dev.sotto.signalling.dialogue;
