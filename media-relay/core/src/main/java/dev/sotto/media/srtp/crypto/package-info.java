/**
 * The three primitives that SRTP is made of (AES-GCM, AES in counter mode, HMAC-SHA1) over bytes
 * outside of the heap, by libcrypto or by the JDK. No RTP, no SSRC, no packet index here: layouts
 * and initialisation vectors are the {@code srtp} package's.
 */
package dev.sotto.media.srtp.crypto;
