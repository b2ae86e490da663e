/**
 * DTLS 1.2 and the SRTP keys that come of it (RFC 6347, RFC 5764), with Bouncy Castle, whose
 * handshakes block. Here are the object that shakes hands on a thread of the shell's and the
 * bounded mailbox between that thread and the event loop: the one place of this module that holds a
 * lock. After the handshake everything belongs to the event loop. No sockets, no threads of its
 * own; the deadlines of a handshake run on Bouncy Castle's clock, since it takes no other.
 */
package dev.sotto.media.dtls;
