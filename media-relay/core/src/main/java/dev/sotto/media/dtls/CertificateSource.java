package dev.sotto.media.dtls;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;

/**
 * The certificate for handshakes to come, replaced now and then so that calls of different days
 * cannot be linked by it and a lost key opens few. Who has taken one keeps it: an endpoint must be
 * shown the certificate whose fingerprint it was told. Owned by one event loop.
 */
public final class CertificateSource {
  /** As long as browsers make theirs valid. */
  public static final Duration DEFAULT_VALIDITY = Duration.ofDays(30);

  public static final Duration DEFAULT_RENEWAL = Duration.ofDays(1);

  private final SecureRandom random;
  private final Duration validity;
  private final Duration renewAfter;
  private DtlsCertificate current;

  /**
   * @param validity of each certificate, from when it is made
   * @param renewAfter the age at which one is replaced
   * @throws IllegalArgumentException when certificates would be renewed after they have run out
   */
  public CertificateSource(
      SecureRandom random, Duration validity, Duration renewAfter, Instant now) {
    if (renewAfter.isNegative() || renewAfter.isZero() || renewAfter.compareTo(validity) >= 0) {
      throw new IllegalArgumentException(
          "certificates that are valid for " + validity + " cannot be renewed after " + renewAfter);
    }
    this.random = random;
    this.validity = validity;
    this.renewAfter = renewAfter;
    this.current = DtlsCertificate.selfSigned(random, now, validity);
  }

  /** The one to announce to the next endpoint. */
  public DtlsCertificate current() {
    return current;
  }

  /**
   * Replaces the certificate when it is old enough; takes about a millisecond then.
   *
   * @return whether it has
   */
  public boolean renewIfDue(Instant now) {
    if (now.isBefore(current.madeAt().plus(renewAfter))) {
      return false;
    }
    current = DtlsCertificate.selfSigned(random, now, validity);
    return true;
  }
}
