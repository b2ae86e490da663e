/**
 * Send-side bandwidth estimation for one receiver: Google Congestion Control
 * (draft-ietf-rmcat-gcc-02) on transport-wide feedback, with a loss-based bound, probing and REMB
 * as a further bound. What packets are, how feedback is written on the wire and when packets leave
 * is not decided here: facts come in as numbers, a target rate and probe requests go out.
 */
package dev.sotto.media.bandwidth;
