package dev.sotto.media.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LayerAllocatorTest {
  private static final AllocationLimits UNLIMITED =
      new AllocationLimits(AllocationLimits.ANY_NUMBER, 0);
  private static final long SECOND = 1_000_000_000L;
  private static final long PLENTY = 100_000_000;

  /** 180p, 360p and 720p at 100, 400 and 1500 kbit/s. */
  private static final List<Layer> CAMERA =
      List.of(new Layer(100_000, 180, 30), new Layer(400_000, 360, 30), layer(1_500_000, 720));

  private static final List<Layer> SCREEN = List.of(layer(300_000, 1080), layer(1_000_000, 1080));

  private final LayerAllocator allocator = new LayerAllocator();

  private static Layer layer(long bps, int height) {
    return new Layer(bps, height, 30);
  }

  private static VideoSource camera(int id, int rank, int maxHeight) {
    return new VideoSource(id, false, false, rank, false, maxHeight, CAMERA);
  }

  private static VideoSource pinned(int id, int rank, int maxHeight) {
    return new VideoSource(id, false, true, rank, false, maxHeight, CAMERA);
  }

  private static VideoSource screen(int id) {
    return new VideoSource(id, true, false, 9, false, 1080, SCREEN);
  }

  private static VideoSource muted(int id, int rank) {
    return new VideoSource(id, false, false, rank, true, 720, CAMERA);
  }

  private static int layerOf(Allocation allocation, int id) {
    return grantOf(allocation, id).layer();
  }

  private static Grant grantOf(Allocation allocation, int id) {
    return allocation.grants().stream()
        .filter(grant -> grant.sourceId() == id)
        .findFirst()
        .orElseThrow();
  }

  private Allocation allocate(long targetBps, VideoSource... sources) {
    return allocator.allocate(targetBps, List.of(sources), UNLIMITED, 0);
  }

  @Test
  void with_plenty_each_source_gets_the_height_that_is_wanted() {
    Allocation allocation = allocate(PLENTY, camera(1, 0, 720), camera(2, 1, 360), screen(3));

    assertThat(layerOf(allocation, 1)).isEqualTo(2);
    assertThat(layerOf(allocation, 2)).isEqualTo(1);
    assertThat(layerOf(allocation, 3)).isEqualTo(1);
    assertThat(allocation.allocatedBps()).isEqualTo(2_900_000);
    assertThat(allocation.suspended()).isEmpty();
  }

  @Test
  void a_screen_comes_first_then_pinned_sources_then_the_dominant_speaker() {
    // 90 % of the target is 1.4 Mbit/s: the screen whole, the pinned source's second layer.
    Allocation allocation =
        allocate(1_560_000, camera(1, 0, 720), pinned(2, 5, 720), screen(3), camera(4, 1, 720));

    assertThat(layerOf(allocation, 3)).isEqualTo(1);
    assertThat(layerOf(allocation, 2)).isEqualTo(1);
    assertThat(grantOf(allocation, 1).outcome()).isEqualTo(Outcome.SUSPENDED);
    assertThat(grantOf(allocation, 4).outcome()).isEqualTo(Outcome.SUSPENDED);
    assertThat(allocation.suspended()).containsExactly(1, 4);
  }

  @Test
  void several_pinned_sources_each_get_a_base_layer_before_one_is_upgraded() {
    Allocation allocation = allocate(700_000, pinned(1, 0, 720), pinned(2, 1, 720));

    assertThat(layerOf(allocation, 1)).isEqualTo(1);
    assertThat(layerOf(allocation, 2)).isZero();
  }

  @Test
  void after_the_speaker_each_gets_a_base_layer_and_then_the_largest_is_upgraded() {
    // The speaker takes 1.5, three bases 0.3, and 0.3 is left for one upgrade.
    Allocation allocation =
        allocate(
            2_340_000, camera(1, 0, 720), camera(2, 1, 360), camera(3, 2, 720), camera(4, 3, 180));

    assertThat(layerOf(allocation, 1)).isEqualTo(2);
    assertThat(layerOf(allocation, 2)).isZero();
    assertThat(layerOf(allocation, 3)).isEqualTo(1);
    assertThat(layerOf(allocation, 4)).isZero();
  }

  @Test
  void equals_are_upgraded_by_turns() {
    Allocation allocation =
        allocate(
            2_000_000, camera(1, 0, 360), camera(2, 1, 720), camera(3, 2, 720), camera(4, 3, 720));

    assertThat(layerOf(allocation, 2)).isEqualTo(1);
    assertThat(layerOf(allocation, 3)).isEqualTo(1);
    assertThat(layerOf(allocation, 4)).isEqualTo(1);
  }

  @Test
  void a_muted_source_costs_nothing_and_takes_no_place_of_the_last_n() {
    AllocationLimits one = new AllocationLimits(1, 0);

    Allocation allocation =
        allocator.allocate(PLENTY, List.of(muted(1, 0), camera(2, 1, 180)), one, 0);

    assertThat(grantOf(allocation, 1)).isEqualTo(new Grant(1, Outcome.NOT_SENT, Grant.NO_LAYER));
    assertThat(layerOf(allocation, 2)).isZero();
    assertThat(allocation.allocatedBps()).isEqualTo(100_000);
  }

  @Test
  void beyond_the_last_n_nothing_is_forwarded_and_nothing_counts_as_suspended() {
    AllocationLimits two = new AllocationLimits(2, 0);

    Allocation allocation =
        allocator.allocate(
            PLENTY, List.of(camera(1, 2, 180), camera(2, 0, 180), camera(3, 1, 180)), two, 0);

    assertThat(grantOf(allocation, 1).outcome()).isEqualTo(Outcome.BEYOND_LAST_N);
    assertThat(grantOf(allocation, 2).outcome()).isEqualTo(Outcome.FORWARDED);
    assertThat(grantOf(allocation, 3).outcome()).isEqualTo(Outcome.FORWARDED);
    assertThat(allocation.suspended()).isEmpty();
  }

  @Test
  void a_source_that_is_shown_nowhere_is_not_wanted() {
    assertThat(grantOf(allocate(PLENTY, camera(1, 0, 0)), 1).outcome())
        .isEqualTo(Outcome.NOT_WANTED);
  }

  @Test
  void a_source_shown_smaller_than_its_lowest_layer_gets_that() {
    assertThat(layerOf(allocate(PLENTY, camera(1, 0, 90)), 1)).isZero();
  }

  @Test
  void a_layer_that_is_not_being_sent_is_not_chosen() {
    List<Layer> layers = List.of(layer(100_000, 180), layer(0, 360), layer(1_500_000, 720));
    VideoSource source = new VideoSource(1, false, false, 0, false, 720, layers);

    assertThat(layerOf(allocate(1_000_000, source), 1)).isZero();
    assertThat(layerOf(allocate(PLENTY, source), 1)).isEqualTo(2);
  }

  @Test
  void what_is_reserved_is_not_shared_out() {
    AllocationLimits reserved = new AllocationLimits(AllocationLimits.ANY_NUMBER, 150_000);

    Allocation allocation = allocator.allocate(250_000, List.of(camera(1, 0, 720)), reserved, 0);

    assertThat(allocation.suspended()).containsExactly(1);
    assertThat(allocation.nextStepBps()).isBetween(261_000L, 262_000L);
  }

  @Test
  void the_ideal_is_a_target_at_which_all_is_granted_and_the_next_step_one_at_which_more_is() {
    VideoSource[] sources = {camera(1, 0, 720), camera(2, 1, 360)};
    Allocation scarce = allocate(300_000, sources);
    assertThat(layerOf(scarce, 1)).isZero();

    assertThat(layerOf(allocate(scarce.nextStepBps(), sources), 1)).isEqualTo(1);
    Allocation ideal = allocate(scarce.idealBps(), sources);
    assertThat(layerOf(ideal, 1)).isEqualTo(2);
    assertThat(layerOf(ideal, 2)).isEqualTo(1);
    assertThat(ideal.nextStepBps()).isEqualTo(ideal.idealBps());
  }

  @Test
  void a_target_that_swings_a_little_changes_nothing() {
    VideoSource source = camera(1, 0, 720);
    assertThat(layerOf(allocate(1_700_000, source), 1)).isEqualTo(2);
    for (long target : new long[] {1_450_000, 1_650_000, 1_440_000, 1_700_000}) {
      assertThat(layerOf(allocate(target, source), 1)).isEqualTo(2);
    }
  }

  @Test
  void a_source_that_was_lowered_is_raised_only_after_a_while_and_with_room_to_spare() {
    List<VideoSource> source = List.of(camera(1, 0, 720));
    assertThat(layerOf(allocator.allocate(2_000_000, source, UNLIMITED, 0), 1)).isEqualTo(2);
    assertThat(layerOf(allocator.allocate(1_000_000, source, UNLIMITED, SECOND), 1)).isEqualTo(1);
    assertThat(layerOf(allocator.allocate(2_000_000, source, UNLIMITED, 3 * SECOND), 1))
        .isEqualTo(1);
    assertThat(layerOf(allocator.allocate(1_550_000, source, UNLIMITED, 6 * SECOND), 1))
        .isEqualTo(1);
    assertThat(layerOf(allocator.allocate(2_000_000, source, UNLIMITED, 6 * SECOND), 1))
        .isEqualTo(2);
  }

  @Test
  void a_dip_of_some_seconds_leaves_the_first_source_its_lowest_layer() {
    VideoSource[] sources = {camera(1, 0, 720), camera(2, 1, 180)};
    assertThat(layerOf(at(0, PLENTY, sources), 1)).isEqualTo(2);

    Allocation dip = at(SECOND, 50_000, sources);
    assertThat(layerOf(dip, 1)).isZero();
    assertThat(dip.suspended()).containsExactly(2);
    assertThat(layerOf(at(5 * SECOND, 50_000, sources), 1)).isZero();
    // A dip that lasts is no dip.
    assertThat(at(7 * SECOND, 50_000, sources).suspended()).containsExactly(1, 2);
    assertThat(at(8 * SECOND, 50_000, sources).suspended()).containsExactly(1, 2);
  }

  @Test
  void a_path_that_never_carried_the_lowest_layer_is_not_given_it() {
    assertThat(allocate(50_000, camera(1, 0, 720)).suspended()).containsExactly(1);
  }

  @Test
  void the_first_source_does_not_wait_to_be_seen_again() {
    VideoSource source = camera(1, 0, 720);
    var _ = at(0, PLENTY, source);
    var _ = at(SECOND, 50_000, source);
    assertThat(at(7 * SECOND, 50_000, source).suspended()).containsExactly(1);

    assertThat(layerOf(at(8 * SECOND, PLENTY, source), 1)).isZero();
    assertThat(layerOf(at(11 * SECOND, PLENTY, source), 1)).isEqualTo(2);
  }

  private Allocation at(long nowNanos, long targetBps, VideoSource... sources) {
    return allocator.allocate(targetBps, List.of(sources), UNLIMITED, nowNanos);
  }

  @Test
  void a_source_that_is_shown_larger_again_is_raised_at_once() {
    assertThat(layerOf(allocate(PLENTY, camera(1, 0, 720)), 1)).isEqualTo(2);
    assertThat(layerOf(allocate(PLENTY, camera(1, 0, 180)), 1)).isZero();
    assertThat(layerOf(allocate(PLENTY, camera(1, 0, 720)), 1)).isEqualTo(2);
  }

  @Test
  void
      never_more_than_the_target_and_a_twentieth_or_one_lowest_layer_is_granted_and_the_order_decides_nothing() {
    SplittableRandom random = new SplittableRandom(4);
    for (int run = 0; run < 500; run++) {
      List<VideoSource> sources = new ArrayList<>();
      for (int id = 0; id < 12; id++) {
        sources.add(
            new VideoSource(
                id,
                random.nextInt(8) == 0,
                random.nextInt(8) == 0,
                id,
                random.nextInt(4) == 0,
                90 << random.nextInt(5),
                CAMERA));
      }
      long target = random.nextLong(6_000_000);
      long now = run * SECOND;
      LayerAllocator other = new LayerAllocator();
      LayerAllocator fresh = new LayerAllocator();
      List<VideoSource> reversed =
          sources.stream().sorted(Comparator.comparingInt(VideoSource::id).reversed()).toList();

      Allocation held = allocator.allocate(target, sources, UNLIMITED, now);

      assertThat((double) held.allocatedBps())
          .isLessThanOrEqualTo(Math.max(target * 1.05, (double) SCREEN.getFirst().bitrateBps()));
      assertThat(fresh.allocate(target, sources, UNLIMITED, now))
          .isEqualTo(other.allocate(target, reversed, UNLIMITED, now));
    }
  }
}
