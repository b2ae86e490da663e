/**
 * What a relay does about loss: statistics for receiver reports (RFC 3550 appendix A), NACKs to
 * senders, one ring of packets per source from which receivers are served by RTX (RFC 4588), merged
 * requests for key frames, and sender reports translated to what was forwarded. All is bounded by
 * fixed tables. Which packet goes to whom, and under which number, is decided elsewhere.
 */
package dev.sotto.media.loss;
