package dev.sotto.media.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import org.jitsi.srtp.SrtcpCryptoContext;
import org.jitsi.srtp.SrtpContextFactory;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.srtp.SrtpPolicy;
import org.jitsi.srtp.crypto.Aes;
import org.jitsi.utils.ByteArrayBuffer;
import org.jitsi.utils.logging2.LoggerImpl;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

@EachCase
@DisplayName("jitsi-srtp, which shares no code with this, takes what is sent and is understood")
class JitsiInteroperabilityTest {
  private static final int SSRC = 0x1234;

  @Parameter(0)
  SrtpProfile profile;

  @Parameter(1)
  SrtpProvider provider;

  /** Names the ciphers: left alone it picks them by a benchmark at its first context. */
  @BeforeAll
  static void chooseCiphers() {
    Aes.setFactoryClassName("SunJCE");
  }

  @Test
  void media_across_a_turn_of_the_rollover_counter() throws GeneralSecurityException {
    try (Peers peers = new Peers(profile, provider, provider)) {
      SrtpCryptoContext sender = factory(true, false).deriveContext(SSRC, 0);
      SrtpCryptoContext receiver = factory(false, true).deriveContext(SSRC, 0);
      for (int index = 65_500; index < 65_600; index++) {
        Packet packet = Packet.rtp(SSRC, index & 0xffff, new byte[index % 50], 2, 1);
        byte[] plain = packet.bytes();

        Buffer theirs = new Buffer(plain);
        assertThat(sender.transformPacket(theirs)).isEqualTo(SrtpErrorStatus.OK);
        Packet received = Packet.of(theirs.bytes());
        assertThat(received.unprotect(peers.client)).isEqualTo(plain.length);
        assertThat(received.bytes()).isEqualTo(plain);

        packet.protect(peers.client);
        Buffer ours = new Buffer(packet.bytes());
        assertThat(receiver.reverseTransformPacket(ours, false)).isEqualTo(SrtpErrorStatus.OK);
        assertThat(ours.bytes()).isEqualTo(plain);
      }
    }
  }

  @Test
  void control_packets() throws GeneralSecurityException {
    try (Peers peers = new Peers(profile, provider, provider)) {
      SrtcpCryptoContext sender = factory(true, false).deriveControlContext(SSRC);
      SrtcpCryptoContext receiver = factory(false, true).deriveControlContext(SSRC);
      for (int i = 0; i < 20; i++) {
        Packet packet = Packet.rtcp(SSRC, new byte[4 * i]);
        byte[] plain = packet.bytes();

        Buffer theirs = new Buffer(plain);
        assertThat(sender.transformPacket(theirs)).isEqualTo(SrtpErrorStatus.OK);
        Packet received = Packet.of(theirs.bytes());
        assertThat(received.unprotectRtcp(peers.client)).isEqualTo(plain.length);
        assertThat(received.bytes()).isEqualTo(plain);

        packet.protectRtcp(peers.client);
        Buffer ours = new Buffer(packet.bytes());
        assertThat(receiver.reverseTransformPacket(ours)).isEqualTo(SrtpErrorStatus.OK);
        assertThat(ours.bytes()).isEqualTo(plain);
      }
    }
  }

  /** Jitsi plays the server to our client. */
  private SrtpContextFactory factory(boolean isSender, boolean withKeysOfClient) {
    SrtpMasterKey master = Peers.written(profile, withKeysOfClient);
    boolean isCounterMode = profile == SrtpProfile.AES_CM_128_HMAC_SHA1_80;
    SrtpPolicy policy =
        new SrtpPolicy(
            isCounterMode ? SrtpPolicy.AESCM_ENCRYPTION : SrtpPolicy.AESGCM_ENCRYPTION,
            profile.keyBytes(),
            isCounterMode ? SrtpPolicy.HMACSHA1_AUTHENTICATION : SrtpPolicy.NULL_AUTHENTICATION,
            isCounterMode ? 20 : 0,
            profile.rtpOverheadBytes(),
            profile.saltBytes());
    return new SrtpContextFactory(
        isSender,
        master.key().clone(),
        master.salt().clone(),
        policy,
        policy,
        new LoggerImpl("jitsi-srtp"));
  }

  /** The array that jitsi-srtp works in. */
  private static final class Buffer implements ByteArrayBuffer {
    private final byte[] array = new byte[2048];
    private int length;

    Buffer(byte[] bytes) {
      System.arraycopy(bytes, 0, array, 0, bytes.length);
      length = bytes.length;
    }

    byte[] bytes() {
      return Arrays.copyOf(array, length);
    }

    @Override
    public byte[] getBuffer() {
      return array;
    }

    @Override
    public int getOffset() {
      return 0;
    }

    @Override
    public int getLength() {
      return length;
    }

    @Override
    public void setLength(int length) {
      this.length = length;
    }

    @Override
    public void setOffset(int offset) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isInvalid() {
      return false;
    }

    @Override
    public void readRegionToBuff(int offset, int bytes, byte[] to) {
      System.arraycopy(array, offset, to, 0, bytes);
    }

    @Override
    public void grow(int bytes) {}

    @Override
    public void append(byte[] bytes, int count) {
      System.arraycopy(bytes, 0, array, length, count);
      length += count;
    }

    @Override
    public void shrink(int bytes) {
      length -= bytes;
    }
  }
}
