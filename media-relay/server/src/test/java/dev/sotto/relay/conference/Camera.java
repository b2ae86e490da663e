package dev.sotto.relay.conference;

import dev.sotto.media.rtcp.FullIntraRequest;
import dev.sotto.media.rtcp.GenericNack;
import dev.sotto.media.rtcp.PictureLossIndication;
import dev.sotto.media.rtcp.RtcpCompound;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;

/**
 * A VP8 simulcast encoder: 30 pictures a second, each a frame of every encoding, with a dependency
 * descriptor of one layer. Answers requests for key frames and for packets as a browser does.
 */
final class Camera {
  static final List<String> RIDS = List.of("q", "h", "f");

  private static final long PERIOD_NANOS = Room.SECOND / 30;
  private static final int TICKS = 3000;
  private static final int MOST_PAYLOAD = 1000;
  private static final int[] BITRATES = {150_000, 500_000, 1_500_000};
  private static final int[] HEIGHTS = {180, 360, 720};

  final int[] ssrcs;
  final boolean[] paused;
  final int[] sequences;
  final List<Integer> keyFramesAsked = new ArrayList<>();
  final List<Integer> nacked = new ArrayList<>();
  int fullIntraRequests;

  /** Whether to say how frames depend on each other. */
  boolean describes = true;

  /** Whether to make key frames when asked. */
  boolean obeys = true;

  /** Whether to resend packets when asked. */
  boolean resends = true;

  boolean on = true;
  Predicate<Packet> loses = _ -> false;

  private final Room room;
  private final Member member;
  private final boolean byRid;
  private final boolean[] keyWanted;
  private final int[] frames;
  private final int[] rtxSequences;

  /** Of payload bytes. */
  private Random random;

  private final Map<Long, Packet> sent = new HashMap<>();
  private int timestamp;

  /** By MID and RID, its SSRCs counted from a number, those of RTX 10 above. */
  static Camera simulcast(Room room, Member member, int firstSsrc) {
    return new Camera(room, member, new int[] {firstSsrc, firstSsrc + 1, firstSsrc + 2}, true);
  }

  /** Of one encoding under an announced SSRC. */
  static Camera single(Room room, Member member, int ssrc) {
    return new Camera(room, member, new int[] {ssrc}, false);
  }

  private Camera(Room room, Member member, int[] ssrcs, boolean byRid) {
    this.room = room;
    this.member = member;
    this.ssrcs = ssrcs;
    this.byRid = byRid;
    keyWanted = new boolean[ssrcs.length];
    Arrays.fill(keyWanted, true);
    paused = new boolean[ssrcs.length];
    frames = new int[ssrcs.length];
    sequences = new int[ssrcs.length];
    rtxSequences = new int[ssrcs.length];
    random = new Random(ssrcs[0]);
    member.onRtcp.add(this::onRtcp);
    room.every(
        PERIOD_NANOS,
        () -> {
          if (on) {
            picture();
          }
          return true;
        });
  }

  private void onRtcp(RtcpCompound packet) {
    switch (packet.type()) {
      case PICTURE_LOSS -> {
        PictureLossIndication loss = new PictureLossIndication();
        loss.wrap(packet);
        onKeyFrameRequest(loss.mediaSsrc());
      }
      case FULL_INTRA_REQUEST -> {
        FullIntraRequest request = new FullIntraRequest();
        request.wrap(packet);
        fullIntraRequests++;
        onKeyFrameRequest(request.ssrc(0));
      }
      case NACK -> {
        GenericNack nack = new GenericNack();
        nack.wrap(packet);
        while (nack.next()) {
          onNack(nack.mediaSsrc(), nack.sequenceNumber());
        }
      }
      default -> {
        // of no interest to an encoder
      }
    }
  }

  private void onKeyFrameRequest(int ssrc) {
    keyFramesAsked.add(ssrc);
    for (int i = 0; i < ssrcs.length; i++) {
      keyWanted[i] |= obeys && ssrcs[i] == ssrc;
    }
  }

  private void onNack(int ssrc, int sequence) {
    nacked.add(sequence);
    Packet packet = sent.get(key(ssrc, sequence));
    if (resends && packet != null) {
      room.at(room.now + 10 * Room.MILLISECOND, () -> member.send(resent(packet)));
    }
  }

  /** Other payload bytes from now on. */
  void fillWith(long seed) {
    random = new Random(seed);
  }

  /** The RTX packet of one that was sent. */
  Packet resent(Packet packet) {
    int encoding = 0;
    while (ssrcs[encoding] != packet.ssrc()) {
      encoding++;
    }
    Packet rtx =
        packet.resent(
            member.described().rtx, rtxSequences[encoding]++ & 0xffff, packet.ssrc() + 10);
    if (byRid) {
      rtx.extensions().remove(id("rid"));
      return rtx.with(id("rrid"), RIDS.get(encoding));
    }
    return rtx;
  }

  Packet sent(int ssrc, int sequence) {
    return sent.get(key(ssrc, sequence));
  }

  private static long key(int ssrc, int sequence) {
    return (long) ssrc << 16 | sequence;
  }

  private int id(String extension) {
    return member.described().extensions.get(extension);
  }

  private void picture() {
    timestamp += TICKS;
    for (int i = 0; i < ssrcs.length; i++) {
      if (!paused[i]) {
        frame(i);
      }
    }
  }

  private void frame(int encoding) {
    boolean key = keyWanted[encoding];
    keyWanted[encoding] = false;
    int rate = BITRATES[ssrcs.length == 1 ? 1 : encoding];
    int left = Math.max(60, rate / 8 / 30 * (key ? 3 : 1));
    int number = frames[encoding]++;
    boolean start = true;
    while (left > 0) {
      int size = Math.min(left, MOST_PAYLOAD);
      left -= size;
      byte[] payload = new byte[size];
      random.nextBytes(payload);
      int sequence = sequences[encoding]++ & 0xffff;
      int type = member.described().vp8;
      Packet packet = Packet.of(type, sequence, timestamp + 7 * encoding, ssrcs[encoding], payload);
      packet = left == 0 ? packet.marked() : packet;
      if (describes) {
        int height = HEIGHTS[ssrcs.length == 1 ? 2 : encoding];
        packet = packet.with(id("dd"), descriptor(start, left == 0, key, number, height));
      }
      if (byRid) {
        packet = packet.with(id("mid"), "1").with(id("rid"), RIDS.get(encoding));
      }
      sent.put(key(packet.ssrc(), sequence), packet);
      if (!loses.test(packet)) {
        member.send(packet);
      }
      start = false;
    }
  }

  /** A.8.2 of the AV1 RTP specification: one layer, a chain, a template of keys and one else. */
  private static byte[] descriptor(boolean start, boolean end, boolean key, int frame, int height) {
    StringBuilder bits = new StringBuilder();
    put(bits, 1, start ? 1 : 0);
    put(bits, 1, end ? 1 : 0);
    put(bits, 6, key ? 0 : 1);
    put(bits, 16, frame & 0xffff);
    if (key && start) {
      bits.append("10000"); // structure_present
      put(bits, 6, 0); // template_id_offset
      put(bits, 5, 0); // one decode target
      bits.append("00").append("11"); // two templates of one layer
      bits.append("10").append("10"); // both are switch points
      bits.append("0").append("100000"); // frames referred to: none, and the one before
      bits.append("1"); // one chain, which protects the target
      bits.append("0000").append("0001");
      bits.append("1"); // resolutions_present
      put(bits, 16, height * 16 / 9 - 1);
      put(bits, 16, height - 1);
    }
    while (bits.length() % 8 != 0) {
      bits.append('0');
    }
    byte[] bytes = new byte[bits.length() / 8];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Integer.parseInt(bits, 8 * i, 8 * i + 8, 2);
    }
    return bytes;
  }

  private static void put(StringBuilder bits, int width, int value) {
    for (int bit = width - 1; bit >= 0; bit--) {
      bits.append(value >> bit & 1);
    }
  }
}
