package dev.sotto.relay.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.media.dtls.CertificateSource;
import dev.sotto.media.dtls.DtlsCertificate;
import dev.sotto.media.dtls.DtlsConnection;
import dev.sotto.media.dtls.DtlsContext;
import dev.sotto.media.dtls.DtlsFailure;
import dev.sotto.media.dtls.DtlsHandshake;
import dev.sotto.media.dtls.DtlsListener;
import dev.sotto.media.dtls.DtlsRole;
import dev.sotto.media.dtls.DtlsSettings;
import dev.sotto.relay.testkit.RelayWorld;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Handshakes with peers that say nothing: each runs until it is given up. */
class HandshakesTest {
  private static final int MOST = 3;

  private final SecureRandom random = new SecureRandom();
  private final DtlsContext dtls = new DtlsContext(random, DtlsSettings.DEFAULT);
  private final DtlsCertificate certificate =
      new CertificateSource(
              random,
              CertificateSource.DEFAULT_VALIDITY,
              CertificateSource.DEFAULT_RENEWAL,
              Clock.systemUTC().instant())
          .current();
  private final Handshakes handshakes = new Handshakes(MOST);
  private final AtomicInteger made = new AtomicInteger();
  private final Queue<DtlsFailure.Reason> ends = new ConcurrentLinkedQueue<>();

  private Optional<DtlsHandshake> start(long nowNanos) {
    return handshakes.start(
        () -> {
          made.incrementAndGet();
          return dtls.handshake(
              DtlsRole.PASSIVE,
              certificate,
              List.of(certificate.fingerprint()),
              (bytes, offset, length) -> {},
              new DtlsListener() {
                @Override
                public void onEstablished(DtlsConnection connection) {}

                @Override
                public void onFailed(DtlsFailure failure) {
                  ends.add(failure.reason());
                }
              });
        },
        nowNanos);
  }

  @Test
  void no_more_than_so_many_run_and_those_beyond_are_not_even_made() {
    for (int i = 0; i < MOST; i++) {
      assertThat(start(0)).isPresent();
    }
    for (int i = 0; i < 100; i++) {
      assertThat(start(Handshakes.PATIENCE_NANOS - 1)).isEmpty();
    }
    assertThat(handshakes.running()).isEqualTo(MOST);
    assertThat(made).hasValue(MOST);
    assertThat(ends).isEmpty();
  }

  @Test
  void a_place_is_free_again_when_a_handshake_has_ended() {
    DtlsHandshake first = start(0).orElseThrow();
    for (int i = 1; i < MOST; i++) {
      assertThat(start(0)).isPresent();
    }
    first.cancel();
    RelayWorld.await("one less", () -> handshakes.running() == MOST - 1);
    assertThat(start(0)).isPresent();
  }

  @Test
  void those_who_begin_and_say_nothing_give_way_to_others() {
    for (int i = 0; i < MOST; i++) {
      assertThat(start(i)).isPresent();
    }
    assertThat(start(Handshakes.PATIENCE_NANOS)).isEmpty();
    RelayWorld.await("the oldest has gone", () -> handshakes.running() == MOST - 1);
    assertThat(ends).containsExactly(DtlsFailure.Reason.CANCELLED);
    assertThat(start(Handshakes.PATIENCE_NANOS)).isPresent();
    assertThat(start(Handshakes.PATIENCE_NANOS)).isEmpty();
  }
}
