/**
 * SRTP and SRTCP (RFC 3711, RFC 7714) with the keys of DTLS-SRTP (RFC 5764): key derivation, packet
 * indices, replay windows, the layouts of the profiles. One {@link
 * dev.sotto.media.srtp.SrtpTransform} per transport, owned by one event loop. No DTLS, no sockets;
 * of RTP only as much of the header as tells where the payload begins.
 */
package dev.sotto.media.srtp;
