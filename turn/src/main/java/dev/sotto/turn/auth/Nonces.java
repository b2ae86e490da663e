package dev.sotto.turn.auth;

import dev.sotto.turn.TurnClock;
import java.net.InetSocketAddress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Nonces that need no memory (RFC 8489 section 9.2): when it was issued, and a MAC over that and
 * the client's transport address. Each is worth something only from the address it was sent to, and
 * only for its lifetime. All event loops share the secret, so any of them accepts what another
 * issued; each has its own instance. A nonce ends with the features that it announces.
 */
public final class Nonces {
  private static final String MAC = "HmacSHA256";

  /**
   * 80 bits: guessing one is hopeless within its lifetime, and the challenge stays short
   * (amplification).
   */
  private static final int TAG_BYTES = 10;

  private static final int NONCE_BYTES = Integer.BYTES + TAG_BYTES;

  private final Supplier<SecurityFeatures> features;
  private final Mac mac;
  private final TurnClock clock;
  private final long lifetimeSeconds;

  public Nonces(
      byte[] secret, TurnClock clock, Duration lifetime, Supplier<SecurityFeatures> features) {
    this.features = features;
    this.clock = clock;
    this.lifetimeSeconds = lifetime.toSeconds();
    try {
      mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(secret, MAC));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has " + MAC, e);
    }
  }

  public String issue(InetSocketAddress client) {
    int issuedAt = (int) clock.epochSeconds();
    byte[] nonce =
        ByteBuffer.allocate(NONCE_BYTES).putInt(issuedAt).put(tag(issuedAt, client)).array();
    return features.get().nonceCookie()
        + Base64.getUrlEncoder().withoutPadding().encodeToString(nonce);
  }

  /** Whether this server issued the nonce to this client, and not too long ago. */
  public boolean isValid(byte[] nonce, InetSocketAddress client) {
    String text = new String(nonce, StandardCharsets.US_ASCII);
    String cookie = features.get().nonceCookie();
    if (!text.startsWith(cookie)) {
      return false; // not ours, or someone took features out of it to weaken what follows
    }
    try {
      ByteBuffer decoded =
          ByteBuffer.wrap(Base64.getUrlDecoder().decode(text.substring(cookie.length())));
      int issuedAt = decoded.getInt();
      byte[] tag = new byte[decoded.remaining()];
      decoded.get(tag);
      boolean genuine = MessageDigest.isEqual(tag, tag(issuedAt, client));
      long ageSeconds = clock.epochSeconds() - Integer.toUnsignedLong(issuedAt);
      return genuine && ageSeconds >= 0 && ageSeconds < lifetimeSeconds;
    } catch (IllegalArgumentException | BufferUnderflowException e) {
      return false; // not base64, or too short: not ours
    }
  }

  private byte[] tag(int issuedAt, InetSocketAddress client) {
    mac.update(
        ByteBuffer.allocate(2 * Integer.BYTES).putInt(issuedAt).putInt(client.getPort()).array());
    mac.update(client.getAddress().getAddress());
    return Arrays.copyOf(mac.doFinal(), TAG_BYTES);
  }
}
