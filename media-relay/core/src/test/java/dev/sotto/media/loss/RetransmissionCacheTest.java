package dev.sotto.media.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.media.rtp.testkit.Bytes;
import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RetransmissionCacheTest {
  private static final long MILLIS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int RING_BYTES = 1000;

  private final RetransmissionCache cache = cache(RING_BYTES, 16);
  private final MemorySegment packet = Bytes.allocate(2000);
  private long now = Long.MAX_VALUE - 50 * MILLIS;

  private static RetransmissionCache cache(int bytes, int packets) {
    return new RetransmissionCache(Bytes.allocate(bytes), packets, 3000 * MILLIS);
  }

  private boolean store(int number, int length) {
    return store(cache, number, length);
  }

  /** A packet that is full of its number. */
  private boolean store(RetransmissionCache target, int number, int length) {
    packet.fill((byte) number);
    return target.store(number & 0xffff, packet, 3, length, now);
  }

  private boolean holds(int number, int length) {
    return holds(cache, number, length);
  }

  private boolean holds(RetransmissionCache source, int number, int length) {
    if (!source.find(number & 0xffff, now)) {
      return false;
    }
    assertThat(source.length()).isEqualTo(length);
    for (int i = 0; i < length; i++) {
      assertThat(Wire.u8(source.segment(), source.offset() + i)).isEqualTo(number & 0xff);
    }
    return true;
  }

  @Test
  void packets_are_found_by_the_number_of_the_source() {
    store(65_535, 100);
    store(65_536, 50);

    assertThat(holds(65_535, 100)).isTrue();
    assertThat(holds(0, 50)).isTrue();
    assertThat(cache.find(1, now)).isFalse();
    assertThat(cache.find(65_534, now)).isFalse();
  }

  @Test
  void an_empty_cache_finds_nothing() {
    assertThat(cache.find(0, now)).isFalse();
    assertThat(cache.find(65_535, now)).isFalse();
  }

  @Test
  void the_newest_bytes_overwrite_the_oldest() {
    for (int i = 1; i <= 4; i++) {
      store(i, 300);
    }

    assertThat(cache.find(1, now)).isFalse();
    assertThat(holds(2, 300)).isTrue();
    assertThat(holds(3, 300)).isTrue();
    assertThat(holds(4, 300)).isTrue();
  }

  @Test
  void small_packets_are_bounded_by_their_count() {
    for (int i = 0; i < 17; i++) {
      store(i, 10);
    }

    assertThat(cache.find(0, now)).isFalse();
    assertThat(holds(1, 10)).isTrue();
    assertThat(holds(16, 10)).isTrue();
  }

  @Test
  void a_number_of_the_cycle_before_is_not_taken_for_a_new_one() {
    store(5, 10);
    for (int i = 1; i < 7; i++) {
      store(5 + 10_000 * i + 1, 10);
    }
    store(65_530, 10);

    assertThat(cache.find(5, now)).isFalse();
  }

  @Test
  void a_packet_is_found_until_it_is_too_old() {
    store(1, 10);
    now += 3000 * MILLIS;
    assertThat(holds(1, 10)).isTrue();
    now += 1;
    assertThat(cache.find(1, now)).isFalse();
  }

  @Test
  void a_packet_that_comes_late_has_its_place_unless_a_newer_one_took_it() {
    store(1, 10);
    store(3, 10);
    assertThat(store(2, 10)).isTrue();
    assertThat(holds(2, 10)).isTrue();
    store(18, 10);

    assertThat(store(2, 10)).isFalse();
    assertThat(holds(18, 10)).isTrue();
  }

  @Test
  void a_source_that_starts_anew_behind_gets_the_places_that_are_stale() {
    for (int i = 0; i < 16; i++) {
      store(40_000 + i, 10);
    }
    now += 3001 * MILLIS;

    assertThat(store(20_000, 10)).isTrue();
    assertThat(holds(20_000, 10)).isTrue();
  }

  @Test
  void a_packet_as_long_as_the_ring_is_taken_and_a_longer_one_is_not() {
    store(1, 500);
    assertThat(store(2, 1001)).isFalse();
    assertThat(holds(1, 500)).isTrue();
    assertThat(store(3, 1000)).isTrue();

    assertThat(holds(3, 1000)).isTrue();
    assertThat(cache.find(1, now)).isFalse();
  }

  @Test
  void a_cache_that_was_cleared_is_empty() {
    store(1, 10);
    cache.clear();

    assertThat(cache.find(1, now)).isFalse();
    store(1, 20);
    assertThat(holds(1, 20)).isTrue();
  }

  @Test
  void the_count_is_a_power_of_two() {
    assertThatThrownBy(() -> cache(100, 15)).isInstanceOf(IllegalArgumentException.class);
  }

  @Property(tries = 200)
  void what_is_found_is_what_was_stored(
      @ForAll @Size(max = 300) List<@IntRange(max = 400) Integer> lengths,
      @ForAll @IntRange(max = 65_535) int start) {
    RetransmissionCache fresh = cache(RING_BYTES, 16);
    for (int i = 0; i < lengths.size(); i++) {
      store(fresh, start + i, lengths.get(i));
      int bytes = 0;
      for (int back = i; back >= 0 && i - back < 16; back--) {
        bytes += lengths.get(back);
        boolean found = holds(fresh, start + back, lengths.get(back));
        // At most one packet's length is skipped at the end of the ring.
        assertThat(found || bytes > RING_BYTES - 400).isTrue();
        assertThat(found && bytes > RING_BYTES).isFalse();
      }
    }
  }

  @Test
  void a_receiver_gets_a_packet_once_in_a_round_trip() {
    RetransmissionThrottle throttle = new RetransmissionThrottle();

    assertThat(throttle.tryAcquire(7, now, 80 * MILLIS)).isTrue();
    now += 80 * MILLIS - 1;
    assertThat(throttle.tryAcquire(7, now, 80 * MILLIS)).isFalse();
    assertThat(throttle.tryAcquire(8, now, 80 * MILLIS)).isTrue();
    now += 1;
    assertThat(throttle.tryAcquire(7, now, 80 * MILLIS)).isTrue();
    assertThat(throttle.refusedRequests()).isEqualTo(1);
  }

  @Test
  void of_two_answers_that_share_a_place_the_newer_is_remembered() {
    RetransmissionThrottle throttle = new RetransmissionThrottle();
    int other = 7 + RetransmissionThrottle.REMEMBERED_PACKETS;

    assertThat(throttle.tryAcquire(7, now, 80 * MILLIS)).isTrue();
    assertThat(throttle.tryAcquire(other, now, 80 * MILLIS)).isTrue();
    assertThat(throttle.tryAcquire(other, now, 80 * MILLIS)).isFalse();
    assertThat(throttle.tryAcquire(7, now, 80 * MILLIS)).isTrue();
  }

  @Test
  void without_a_round_trip_time_a_least_interval_holds() {
    RetransmissionThrottle throttle = new RetransmissionThrottle();

    assertThat(throttle.tryAcquire(0, now, 0)).isTrue();
    assertThat(throttle.tryAcquire(0, now, 0)).isFalse();
    now += RetransmissionThrottle.MIN_INTERVAL_NANOS;
    assertThat(throttle.tryAcquire(0, now, 0)).isTrue();
  }
}
