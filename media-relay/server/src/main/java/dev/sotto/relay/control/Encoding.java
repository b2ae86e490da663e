package dev.sotto.relay.control;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * One RTP stream of a source. A browser that sends simulcast by RID does not say its SSRCs: the
 * relay then learns them from the MID and RID in the packets (RFC 8852).
 *
 * @param ssrc absent where the packets tell it; then the RID is there
 * @param rid of this layer
 * @param rtxSsrc of its retransmissions (RFC 4588)
 */
public record Encoding(OptionalLong ssrc, Optional<String> rid, OptionalLong rtxSsrc) {}
