package dev.sotto.benchmarks.micro;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;

/** Bytes that Chromium 156 sent: VP9 with L3T3_KEY. */
final class Chromium {

  /** The descriptor of a packet in the middle of a frame. */
  static final String PLAIN_DESCRIPTOR = "050005";

  /** That of a key frame's first packet: three spatial and three temporal layers. */
  static final String STRUCTURE_DESCRIPTOR =
      "c00001c0081485214eaaaaa8000600004000100002aa80a8000600004000100002a000a80006000040001"
          + "6d549241b5524906d54923157e001974ca864330e222396eca8655304224390eca87753013f00b3027f"
          + "016704ff02cf0380";

  /** A packet with send time (2), transport-wide number (3), mid (4) and descriptor (9). */
  static final String PACKET =
      "90e27020a6b38deec032bc27bede0005227c006c310019403197c300021a000800000000fdcb4250"
          + "0287000000027e0166b001c1";

  private Chromium() {}

  static MemorySegment bytes(Arena arena, String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    return arena.allocate(bytes.length, 8).copyFrom(MemorySegment.ofArray(bytes));
  }
}
