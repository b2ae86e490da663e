package dev.sotto.media.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;

/** Whatever one implementation protects the other takes, packet by packet, in both directions. */
class InteroperabilityPropertiesTest {
  @Property(tries = 300)
  void media_in_both_directions(
      @ForAll SrtpProfile profile,
      @ForAll @IntRange(max = 65_535) int start,
      @ForAll @Size(max = 40) List<@IntRange(min = -60, max = 3000) Integer> steps,
      @ForAll @IntRange(max = Peers.MAX_SSRCS - 1) int ssrcs,
      @ForAll @Size(max = 1300) byte[] payload,
      @ForAll @IntRange(max = 15) int contributors,
      @ForAll @IntRange(max = 20) int extensionWords) {
    try (Peers peers = new Peers(profile, SrtpProvider.LIBCRYPTO, SrtpProvider.JDK)) {
      int index = start;
      int highest = start;
      for (int step : steps) {
        index = Math.max(start, highest + step);
        highest = Math.max(highest, index);
        int ssrc = ssrcs == 0 ? 1 : index % ssrcs;
        Packet out = Packet.rtp(ssrc, index & 0xffff, payload, contributors, extensionWords);
        Packet back = out.copy();
        boolean isNew = exchange(out, peers.client, peers.server);
        assertThat(exchange(back, peers.server, peers.client)).isEqualTo(isNew);
      }
    }
  }

  /** Protects twice: in place, and with the payload from elsewhere; the receiver takes one. */
  private static boolean exchange(Packet packet, SrtpTransform sender, SrtpTransform receiver) {
    byte[] plain = packet.bytes();
    int result = packet.protect(sender);
    Assume.that(result > 0);
    Packet replay = packet.copy();
    int taken = packet.unprotect(receiver);
    if (taken > 0) {
      assertThat(packet.bytes()).isEqualTo(plain);
    } else {
      assertThat(SrtpRefusal.of(taken)).isEqualTo(SrtpRefusal.REPLAYED);
    }
    assertThat(replay.unprotect(receiver)).isEqualTo(SrtpRefusal.REPLAYED.code());
    return taken > 0;
  }

  @Property(tries = 300)
  void control_packets_in_both_directions(
      @ForAll SrtpProfile profile,
      @ForAll @NotEmpty @Size(max = 20) List<@Size(max = 300) byte[]> reports) {
    try (Peers peers = new Peers(profile, SrtpProvider.JDK, SrtpProvider.LIBCRYPTO)) {
      for (byte[] report : reports) {
        int ssrc = report.length % Peers.MAX_SSRCS;
        Packet out = Packet.rtcp(ssrc, report);
        byte[] plain = out.bytes();
        Packet back = out.copy();
        out.protectRtcp(peers.client);
        back.protectRtcp(peers.server);
        assertThat(out.unprotectRtcp(peers.server)).isEqualTo(plain.length);
        assertThat(back.unprotectRtcp(peers.client)).isEqualTo(plain.length);
        assertThat(out.bytes()).isEqualTo(plain);
        assertThat(back.bytes()).isEqualTo(plain);
      }
    }
  }

  @Property(tries = 300)
  void the_two_make_the_same_bytes(
      @ForAll SrtpProfile profile,
      @ForAll @IntRange(max = 65_535) int sequenceNumber,
      @ForAll int ssrc,
      @ForAll @Size(max = 400) byte[] payload) {
    try (Peers one = new Peers(profile, SrtpProvider.LIBCRYPTO, SrtpProvider.LIBCRYPTO);
        Peers other = new Peers(profile, SrtpProvider.JDK, SrtpProvider.JDK)) {
      Packet ofLibcrypto = Packet.rtp(ssrc, sequenceNumber, payload);
      Packet ofJdk = ofLibcrypto.copy();
      ofLibcrypto.protect(one.client);
      ofJdk.protect(other.client);
      assertThat(ofLibcrypto.bytes()).isEqualTo(ofJdk.bytes());
    }
  }
}
