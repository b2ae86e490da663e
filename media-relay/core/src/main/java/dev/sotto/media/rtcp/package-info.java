/**
 * RTCP packets: compound and reduced-size (RFC 3550 section 6, RFC 5506), reports, feedback (RFC
 * 4585, RFC 5104, REMB) and transport-wide congestion feedback. Reads and writes bytes, and records
 * arrivals to report them; what is to be reported or answered of a stream is decided elsewhere.
 */
package dev.sotto.media.rtcp;
