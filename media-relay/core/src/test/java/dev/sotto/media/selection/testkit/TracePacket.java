package dev.sotto.media.selection.testkit;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * One packet as a source sends it. What the relay may see are header fields and the descriptor's
 * bytes (none: empty); the frame it belongs to is for the oracle.
 */
public record TracePacket(
    int source,
    int encoding,
    int sequenceNumber,
    int timestamp,
    boolean marker,
    int payloadBytes,
    long captureNanos,
    ByteBuffer descriptor,
    Frame frame) {

  /** A frame's identity in its encoding, and what it refers to. */
  public record Frame(
      int source, int encoding, long number, int spatialId, int temporalId, List<Long> refersTo) {}

  /** One that carries nothing: the sender's probing. */
  public boolean isPadding() {
    return payloadBytes == 0;
  }
}
