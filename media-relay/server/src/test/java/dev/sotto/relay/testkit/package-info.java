/** WebRTC endpoints for tests: ICE, DTLS and SRTP over real sockets, and packets to send. */
package dev.sotto.relay.testkit;
