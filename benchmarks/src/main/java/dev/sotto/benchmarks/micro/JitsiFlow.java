package dev.sotto.benchmarks.micro;

import dev.sotto.media.srtp.SrtpProfile;
import dev.sotto.media.srtp.SrtpProvider;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jitsi.srtp.SrtpContextFactory;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.srtp.SrtpPolicy;
import org.jitsi.srtp.crypto.Aes;
import org.jitsi.utils.logging2.LoggerImpl;

/** jitsi-srtp on its byte arrays, with the JDK's AES. */
final class JitsiFlow implements SrtpFlow {

  /** Says at every start which ciphers it takes. Kept here, as a level without an owner is lost. */
  private static final Logger LOG = Logger.getLogger("org.jitsi");

  static {
    LOG.setLevel(Level.WARNING);
  }

  private static final int REFUSED = -1;
  private static final int HMAC_KEY_BYTES = 20;

  private final JitsiPacket[] packets = new JitsiPacket[PLACES];
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment scratch = arena.allocate(PacketMill.STRIDE, 64);
  private final PacketMill protectedPackets;
  private final SrtpCryptoContext sender;
  private final SrtpCryptoContext receiver;
  private final int bytes;
  private int sequenceNumber;

  JitsiFlow(SrtpProfile profile, int bytes) {
    this.bytes = bytes;
    Arrays.setAll(packets, _ -> new JitsiPacket(PacketMill.STRIDE));
    protectedPackets = new PacketMill(SrtpProvider.LIBCRYPTO, profile, bytes);
    // Left alone it picks ciphers by a benchmark at its first context, whose winner changes.
    Aes.setFactoryClassName("SunJCE");
    try {
      sender = factory(profile, true).deriveContext(PacketMill.SSRC, 0);
      receiver = factory(profile, false).deriveContext(PacketMill.SSRC, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("jitsi-srtp has no ciphers for " + profile, e);
    }
  }

  private static SrtpContextFactory factory(SrtpProfile profile, boolean isSender) {
    byte[] keyAndSalt = SrtpFlow.keyAndSalt(profile);
    boolean isCounterMode = profile == SrtpProfile.AES_CM_128_HMAC_SHA1_80;
    SrtpPolicy policy =
        new SrtpPolicy(
            isCounterMode ? SrtpPolicy.AESCM_ENCRYPTION : SrtpPolicy.AESGCM_ENCRYPTION,
            profile.keyBytes(),
            isCounterMode ? SrtpPolicy.HMACSHA1_AUTHENTICATION : SrtpPolicy.NULL_AUTHENTICATION,
            isCounterMode ? HMAC_KEY_BYTES : 0,
            profile.rtpOverheadBytes(),
            profile.saltBytes());
    return new SrtpContextFactory(
        isSender,
        Arrays.copyOf(keyAndSalt, profile.keyBytes()),
        Arrays.copyOfRange(keyAndSalt, profile.keyBytes(), keyAndSalt.length),
        policy,
        policy,
        new LoggerImpl("jitsi-srtp"));
  }

  @Override
  public int protectNext() {
    JitsiPacket packet = packets[0];
    packet.writeHeader(sequenceNumber++, bytes);
    try {
      return sender.transformPacket(packet) == SrtpErrorStatus.OK ? packet.getLength() : REFUSED;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("jitsi-srtp did not protect a packet", e);
    }
  }

  @Override
  public void sendAll() {
    for (JitsiPacket packet : packets) {
      int length = protectedPackets.next(scratch, 0);
      MemorySegment.copy(
          scratch, ValueLayout.JAVA_BYTE, 0, packet.getBuffer(), packet.getOffset(), length);
      packet.setLength(length);
    }
  }

  @Override
  public int receive(int place) {
    JitsiPacket packet = packets[place];
    try {
      SrtpErrorStatus status = receiver.reverseTransformPacket(packet, false);
      return status == SrtpErrorStatus.OK ? packet.getLength() : REFUSED;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("jitsi-srtp did not read a packet", e);
    }
  }

  @Override
  public void close() {
    protectedPackets.close();
    arena.close();
  }
}
