package dev.sotto.relay.conference;

import dev.sotto.media.dd.DependencyDescriptor;
import dev.sotto.media.loss.RetransmissionCache;
import dev.sotto.media.rtp.HeaderExtensions;
import dev.sotto.media.rtp.RtpPacket;

/**
 * Flyweight over a packet in the ring of a stream, read as it was when it came. What {@link #find}
 * has found is good until something is stored in that ring.
 */
final class StoredPacket {
  final RtpPacket packet = new RtpPacket();
  final HeaderExtensions extensions = new HeaderExtensions();
  final DependencyDescriptor descriptor = new DependencyDescriptor();

  /** Points it at the packet with this number of the source; false when it is there no more. */
  boolean find(IncomingStream stream, int sequenceNumber, long nowNanos) {
    if (!stream.keeps(sequenceNumber, nowNanos)) {
      return false;
    }
    RetransmissionCache ring = stream.packets();
    if (!packet.wrap(ring.segment(), ring.offset(), ring.length())) {
      return false;
    }
    var _ = extensions.wrap(packet, stream.source().owner().extensionMap());
    stream.readDescriptor(extensions, descriptor);
    return true;
  }

  /** The number of its format in the conference, or {@link PayloadTypes#NONE}. */
  int codec(IncomingStream stream) {
    return stream.source().owner().payloadTypes().codec(packet.payloadType());
  }
}
