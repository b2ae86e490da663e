package dev.sotto.media.selection;

import dev.sotto.media.dd.DependencyDescriptorWriter;

/**
 * What a packet becomes in a slot: the outgoing header, and how its Dependency Descriptor is to be
 * written. Filled again and again by {@link SlotProjection}; for a packet that is sent once more it
 * comes out the same.
 */
public final class Rewrite {
  int ssrc;
  long packetIndex;
  int timestampOffset;
  int sourceTimestamp;
  boolean marker;
  int frameNumberDelta;
  int templateIdDelta;
  boolean structureWanted;
  long activeDecodeTargets;
  int source;
  int encoding;
  int sourceSequenceNumber;

  public int ssrc() {
    return ssrc;
  }

  /** 0..65535. */
  public int sequenceNumber() {
    return (int) packetIndex & 0xffff;
  }

  /** The sequence number with its roll-over count above it: the packet index of RFC 3711. */
  public long packetIndex() {
    return packetIndex;
  }

  /** The outgoing timestamp of the packet that was projected; 32 bits. */
  public int timestamp() {
    return sourceTimestamp + timestampOffset;
  }

  /** What is added to timestamps of the source, modulo 2^32. */
  public int timestampOffset() {
    return timestampOffset;
  }

  public boolean marker() {
    return marker;
  }

  public int frameNumberDelta() {
    return frameNumberDelta;
  }

  public int templateIdDelta() {
    return templateIdDelta;
  }

  /** Whether the structure is to be attached where the packet has it not. */
  public boolean structureWanted() {
    return structureWanted;
  }

  /** The mask to write, or {@link DependencyDescriptorWriter#SAME_DECODE_TARGETS}. */
  public long activeDecodeTargets() {
    return activeDecodeTargets;
  }

  /** The key that the slot's owner gave for the source. */
  public int source() {
    return source;
  }

  public int encoding() {
    return encoding;
  }

  public int sourceSequenceNumber() {
    return sourceSequenceNumber;
  }
}
