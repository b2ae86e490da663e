/**
 * Tells apart what shares one UDP port (RFC 7983, RFC 5761): the first question asked about a
 * datagram. Nothing here reads further than the header's first bytes.
 */
package dev.sotto.media.demux;
