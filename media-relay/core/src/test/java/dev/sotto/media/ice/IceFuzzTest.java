package dev.sotto.media.ice;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sotto.media.demux.PacketKind;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;

/**
 * Datagrams from anyone through everything that reads them as STUN. In the normal test run the
 * saved corpus is read once; {@code JAZZER_FUZZ=1} with {@code -Djazzer.hooks=true} searches.
 */
@DisplayName("No datagram makes the demultiplexer or the ICE responder throw")
class IceFuzzTest {
  @FuzzTest(maxDuration = "10m")
  void demux(byte[] datagram) {
    PacketKind kind = PacketKind.of(Check.segment(datagram), 0, datagram.length);
    require(datagram.length >= 20 || kind != PacketKind.STUN);
    require(datagram.length >= 12 || kind != PacketKind.RTP);
  }

  @FuzzTest(maxDuration = "10m")
  void peek(byte[] datagram) {
    StunPeek peek = new StunPeek();
    MemorySegment segment = Check.segment(datagram);
    if (!peek.wrap(segment, 0, datagram.length)) {
      return;
    }
    require(PacketKind.of(segment, 0, datagram.length) == PacketKind.STUN);
    require(peek.localUfragKey() == 0 || peek.hasUsername());
    require(!peek.hasIntegrity() || peek.integrityOffset() + 24 <= datagram.length);
    for (int i = 0; i < peek.unknownCount(); i++) {
      require(peek.unknown(i) < 0x8000);
    }
  }

  /** As it comes, from the address that media goes to. */
  @FuzzTest(maxDuration = "10m")
  void session(byte[] datagram) {
    IceWorld world = new IceWorld();
    world.nominate(IceWorld.WIFI);
    world.receive(datagram, IceWorld.WIFI);
    stillWorks(world);
  }

  /** As the attributes of a check that is signed, which only an endpoint can send. */
  @FuzzTest(maxDuration = "10m")
  void signed_attributes(byte[] attributes) {
    IceWorld world = new IceWorld();
    IceCredentials local = world.session.localCredentials();
    byte[] body = Arrays.copyOf(attributes, Math.min(attributes.length, 1200) & ~3);
    byte[] check =
        Check.from(local.ufrag() + ":p")
            .raw(body)
            .integrity(local.password())
            .fingerprint()
            .bytes();
    world.receive(check, IceWorld.MOBILE);
    stillWorks(world);
  }

  private static void stillWorks(IceWorld world) {
    for (byte[] sent : world.sent) {
      require(sent.length <= 128);
      require(IceWorld.decode(sent).getTransactionID().length == 12);
    }
    require(world.nominate(IceWorld.WIFI) == CheckResult.ANSWERED);
    require(world.session.selectedAddress().filter(IceWorld.WIFI::equals).isPresent());
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new AssertionError("an invariant of the ICE responder does not hold");
    }
  }
}
