package dev.sotto.media.rtp;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sotto.media.rtp.testkit.Bytes;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.DisplayName;

/**
 * Bytes from the network through all that reads them as RTP, and through the rewriter. In the
 * normal run the saved corpus is read once; with JAZZER_FUZZ=1 a search goes on. The segment ends
 * where the packet does, so that reading beyond it throws.
 */
@DisplayName("No datagram makes reading or rewriting throw or read beyond its end")
class RtpFuzzTest {
  private static final ExtensionMap SENDER = map(1);
  private static final ExtensionMap RECEIVER = map(6);

  private static ExtensionMap map(int first) {
    ExtensionMap.Builder builder = ExtensionMap.builder().allowMixed(true);
    int id = first;
    for (ExtensionType type : ExtensionType.values()) {
      builder.put(type, id++);
    }
    return builder.build();
  }

  @FuzzTest(maxDuration = "10m")
  void rtp(byte[] datagram) {
    MemorySegment segment = Bytes.of(datagram);
    RtpPacket packet = new RtpPacket();
    if (!packet.wrap(segment, 0, datagram.length)) {
      return;
    }
    for (int i = 0; i < packet.csrcCount(); i++) {
      packet.csrc(i);
    }
    HeaderExtensions extensions = new HeaderExtensions();
    extensions.wrap(packet, SENDER);
    readValues(extensions);
    walk(packet);
    rewrite(packet, extensions);
  }

  private static void readValues(HeaderExtensions extensions) {
    StreamIds ids = new StreamIds(4);
    for (ExtensionType type : ExtensionType.values()) {
      if (extensions.has(type)) {
        require(type.accepts(extensions.length(type)));
        int place = ids.add(extensions.segment(), extensions.offset(type), extensions.length(type));
        require(place == ids.find(extensions, type));
      }
    }
    extensions.audioLevel();
    extensions.voiceActivity();
    extensions.transportSequenceNumber();
    extensions.absSendTime();
    extensions.absCaptureTimeNtp();
    extensions.captureClockOffset();
    extensions.rotationDegrees();
    extensions.minPlayoutDelayMillis();
    extensions.maxPlayoutDelayMillis();
  }

  private static void walk(RtpPacket packet) {
    ExtensionElements elements = new ExtensionElements();
    long end = packet.extensionOffset() + packet.extensionLength();
    elements.wrap(packet);
    while (elements.next()) {
      require(elements.id() > 0 && elements.valueLength() >= 0);
      require(elements.valueOffset() + elements.valueLength() <= end);
    }
    require(end == packet.payloadOffset());
  }

  private static void rewrite(RtpPacket packet, HeaderExtensions extensions) {
    RtpRewriter rewriter = new RtpRewriter();
    rewriter.begin(packet, extensions, RECEIVER).transportSequenceNumber(7);
    MemorySegment out = Bytes.allocate(packet.length() + 64);
    int length = rewriter.write(out, 0, packet.length() + 64);
    RtpPacket written = new RtpPacket();
    require(written.wrap(out, 0, length));
    require(written.payloadLength() == packet.payloadLength());
    require(written.csrcCount() == packet.csrcCount());
    HeaderExtensions read = new HeaderExtensions();
    require(read.wrap(written, RECEIVER) && read.transportSequenceNumber() == 7);
    for (ExtensionType type : ExtensionType.values()) {
      if (type.isEndToEnd()) {
        require(read.length(type) == extensions.length(type));
      }
    }
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new AssertionError("an invariant of RTP packets does not hold");
    }
  }
}
