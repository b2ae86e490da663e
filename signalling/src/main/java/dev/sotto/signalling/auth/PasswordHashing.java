package dev.sotto.signalling.auth;

import dev.sotto.signalling.jid.Jid;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The expensive half of passwords: derives keys, on the calling thread, for a bounded number of
 * callers at a time, so that guessing at passwords cannot take every core. So many more may wait;
 * who comes after them is refused.
 */
public final class PasswordHashing {

  /** RFC 7677 asks for 4096 or more; a phone derives this many in some ten milliseconds. */
  public static final int ITERATIONS = 10_000;

  private static final int SALT_BYTES = 16;
  private static final int MAX_WAITING = 512;

  private final byte[] secret;
  private final int iterations;
  private final Semaphore places;
  private final AtomicInteger inside = new AtomicInteger();
  private final int maxInside;

  /**
   * @param secret makes salts that only this deployment can foresee; the same after each start
   * @param atATime how many may be computing at once
   */
  public PasswordHashing(String secret, int iterations, int atATime) {
    this.secret = secret.getBytes(StandardCharsets.UTF_8);
    this.iterations = iterations;
    this.places = new Semaphore(atATime, true);
    this.maxInside = atATime + MAX_WAITING;
  }

  /** With the usual number of rounds, on half of the processors. */
  public static PasswordHashing standard(String secret) {
    int atATime = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    return new PasswordHashing(secret, ITERATIONS, atATime);
  }

  /** Empty if too many are waiting already. */
  <T> Optional<T> run(Supplier<T> work) {
    if (inside.incrementAndGet() > maxInside) {
      inside.decrementAndGet();
      return Optional.empty();
    }
    try {
      places.acquireUninterruptibly();
      try {
        return Optional.of(work.get());
      } finally {
        places.release();
      }
    } finally {
      inside.decrementAndGet();
    }
  }

  /**
   * Keys of every hash and form for a password, empty if it cannot be one. The salt follows from
   * account and secret, so that it is the same before there is such an account and after, and a
   * configured password gives the same keys at each reload.
   */
  List<ScramKeys> derive(Jid account, String password) {
    List<ScramKeys> keys = new ArrayList<>();
    List<String> forms = PasswordForms.of(password);
    for (ScramHash hash : ScramHash.values()) {
      byte[] salt = salt(account, hash);
      forms.forEach(form -> keys.add(ScramKeys.derive(hash, form, salt, iterations)));
    }
    return keys;
  }

  /** What is shown of an account that does not exist: always the same, and nobody's. */
  ScramKeys ofNobody(Jid account, ScramHash hash) {
    return ScramKeys.ofNobody(hash, salt(account, hash), iterations);
  }

  private byte[] salt(Jid account, ScramHash hash) {
    String name = hash.mechanism() + '\0' + account;
    byte[] mac = ScramHash.SHA_256.hmac(secret, name.getBytes(StandardCharsets.UTF_8));
    return Arrays.copyOf(mac, SALT_BYTES);
  }
}
