/**
 * The relay beside Debian's Janus and beside a bare forwarder. One load client drives all of them
 * with real ICE, DTLS and SRTP and with the packet sizes of a browser.
 */
package dev.sotto.benchmarks.relay;
