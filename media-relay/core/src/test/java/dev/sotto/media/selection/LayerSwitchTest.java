package dev.sotto.media.selection;

import static dev.sotto.media.selection.SlotProjection.ALL_LAYERS;
import static dev.sotto.media.selection.SlotProjection.NOTHING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.media.selection.testkit.Oracle;
import dev.sotto.media.selection.testkit.Receiver;
import dev.sotto.media.selection.testkit.Scenario;
import dev.sotto.media.selection.testkit.TracePacket;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A slot changes layers and encodings only where the receiver can follow")
class LayerSwitchTest {
  private static final List<String> SIMULCAST = List.of("L1T3", "L1T3", "L1T3");

  @Test
  void temporal_layers_are_dropped_at_the_next_picture_and_close_up() {
    Scenario scenario = playing(List.of("L1T3"), 0, 0, 2, 10);

    scenario.receiver.setTarget(0, 0, 0);
    long before = scenario.receiver.sent.lastKey();
    scenario.run(8);

    assertThat(layersAfter(scenario, before)).isEqualTo("S0T0 S0T0");
    assertThat(scenario.receiver.slot.keyFrameWanted(scenario.now())).isEqualTo(NOTHING);
    checkWithoutHoles(scenario);
  }

  @Test
  void temporal_layers_come_back_only_at_a_switch_point() {
    Scenario scenario = playing(List.of("L1T3"), 0, 0, 0, 9);

    scenario.receiver.setTarget(0, 0, 2);
    long before = scenario.receiver.sent.lastKey();
    scenario.run(8);

    // Pictures go 0 2 1 2; at the next T2 of the pattern the target may not change, at T1 it may.
    assertThat(layersAfter(scenario, before)).startsWith("S0T1 S0T2 S0T0 S0T2");
    assertThat(scenario.receiver.slot.temporalId()).isEqualTo(2);
    checkWithoutHoles(scenario);
  }

  @Test
  void a_higher_encoding_begins_with_its_key_frame_and_until_then_the_old_one_goes_on() {
    Scenario scenario = playing(SIMULCAST, 0, 0, 2, 10);

    scenario.receiver.setTarget(2, 0, 2);
    assertThat(scenario.receiver.slot.keyFrameWanted(scenario.now())).isEqualTo(2);
    long before = scenario.receiver.sent.lastKey();
    scenario.run(1);
    assertThat(scenario.receiver.slot.encoding()).isZero();
    assertThat(scenario.receiver.sent.lastKey()).isGreaterThan(before);
    scenario.run(9);

    assertThat(scenario.receiver.slot.encoding()).isEqualTo(2);
    assertThat(scenario.receiver.slot.keyFrameWanted(scenario.now())).isEqualTo(NOTHING);
    Receiver.Sent first =
        scenario.receiver.sent.values().stream()
            .filter(it -> it.packet().encoding() == 2)
            .findFirst()
            .orElseThrow();
    assertThat(first.packet().frame().refersTo()).isEmpty();
    checkWithoutHoles(scenario);
  }

  @Test
  void a_lower_encoding_begins_with_its_key_frame_too() {
    Scenario scenario = playing(SIMULCAST, 2, 0, 2, 10);

    scenario.receiver.setTarget(0, 0, 2);
    scenario.run(1);
    assertThat(scenario.receiver.slot.encoding()).isEqualTo(2);
    scenario.run(9);

    assertThat(scenario.receiver.slot.encoding()).isZero();
    checkWithoutHoles(scenario);
  }

  @Test
  void while_a_lower_encoding_is_waited_for_the_old_one_sheds_its_temporal_layers() {
    Scenario scenario = playing(SIMULCAST, 2, 0, 2, 9);

    scenario.receiver.setTarget(0, 0, 0);
    long before = scenario.receiver.sent.lastKey();
    scenario.run(1);

    assertThat(scenario.receiver.slot.encoding()).isEqualTo(2);
    assertThat(scenario.receiver.sent.lastKey()).isEqualTo(before);
  }

  @Test
  void a_spatial_layer_of_k_svc_is_reached_at_a_key_frame_that_is_asked_for() {
    Scenario scenario = playing(List.of("L3T3_KEY"), 0, 0, 2, 10);
    long before = scenario.receiver.sent.lastKey();

    scenario.receiver.setTarget(0, 2, 2);
    scenario.run(1);
    assertThat(scenario.receiver.slot.keyFrameWanted(scenario.now())).isZero();
    assertThat(scenario.receiver.slot.spatialId()).isZero();
    scenario.run(9);

    assertThat(scenario.receiver.slot.spatialId()).isEqualTo(2);
    assertThat(layersAfter(scenario, before)).contains("S0T0 S1T0 S2T0 S2T2 S2T1 S2T2");
    checkWithoutHoles(scenario);
  }

  @Test
  void a_lower_spatial_layer_of_full_svc_is_taken_at_the_next_picture() {
    Scenario scenario = playing(List.of("L3T3"), 0, 2, 2, 12);
    long before = scenario.receiver.sent.lastKey();

    scenario.receiver.setTarget(0, 1, 2);
    scenario.run(2);

    assertThat(layersAfter(scenario, before)).isEqualTo("S0T0 S1T0 S0T2 S1T2");
    assertThat(scenario.receiver.slot.keyFrameWanted(scenario.now())).isEqualTo(NOTHING);
    checkWithoutHoles(scenario);
  }

  @Test
  void a_lower_spatial_layer_of_k_svc_needs_a_key_frame_but_temporal_layers_fall_at_once() {
    Scenario scenario = playing(List.of("L3T3_KEY"), 0, 2, 2, 13);
    long before = scenario.receiver.sent.lastKey();

    scenario.receiver.setTarget(0, 0, 0);
    scenario.run(1);

    assertThat(scenario.receiver.sent.lastKey()).isEqualTo(before);
    assertThat(scenario.receiver.slot.temporalId()).isZero();
    assertThat(scenario.receiver.slot.spatialId()).isEqualTo(2);
    assertThat(scenario.receiver.slot.keyFrameWanted(scenario.now())).isZero();
    scenario.run(9);
    assertThat(scenario.receiver.slot.spatialId()).isZero();
    checkWithoutHoles(scenario);
  }

  @Test
  void an_independent_layer_begins_in_the_next_key_picture_with_the_structure_that_it_lacks() {
    Scenario scenario = playing(List.of("S3T3"), 0, 0, 2, 10);
    scenario.encoder(0).keepTemplateIds();

    scenario.receiver.setTarget(0, 2, 2);
    scenario.run(10);

    assertThat(scenario.receiver.slot.spatialId()).isEqualTo(2);
    Receiver.Sent first =
        scenario.receiver.sent.values().stream()
            .filter(it -> it.packet().frame().spatialId() == 2)
            .findFirst()
            .orElseThrow();
    Receiver.Sent before = scenario.receiver.sent.get(first.index() - 1);
    assertThat(first.packet().frame().refersTo()).isEmpty();
    assertThat(first.descriptor().array().length)
        .isGreaterThan(first.packet().descriptor().array().length + 50);
    assertThat(before.packet().captureNanos()).isLessThan(first.packet().captureNanos());
    checkWithoutHoles(scenario);
  }

  /**
   * As Chromium does it when bandwidth allows two of three layers: the mask is in the second frame.
   */
  @Test
  void a_layer_that_the_sender_leaves_out_of_a_key_picture_is_not_waited_for() {
    Scenario scenario = playing(List.of("L3T3_KEY"), 0, ALL_LAYERS, ALL_LAYERS, 10);

    scenario.encoder(0).setActiveLayers(2);
    scenario.encoder(0).wantKeyFrame();
    scenario.run(10);

    assertThat(scenario.receiver.slot.spatialId()).isEqualTo(1);
    assertThat(scenario.receiver.slot.keyFrameWanted(scenario.now())).isEqualTo(NOTHING);
    checkWithoutHoles(scenario);
  }

  @Test
  void a_slot_moves_to_another_source_without_a_hole() {
    Scenario scenario = new Scenario(new Random(1), Scenario.Network.CLEAN, 2, SIMULCAST);
    scenario.receiver.setTarget(1, 0, 2);
    scenario.run(10);

    scenario.occupy(1);
    scenario.run(2);
    long before = scenario.receiver.sent.lastKey();
    scenario.receiver.setTarget(0, 0, 2);
    scenario.run(10);

    assertThat(scenario.receiver.sent.tailMap(before, false).values())
        .isNotEmpty()
        .allMatch(it -> it.packet().source() == 1);
    checkWithoutHoles(scenario);
  }

  @Test
  void nothing_goes_out_while_paused_and_a_key_frame_is_asked_for_after() {
    Scenario scenario = playing(List.of("L3T3_KEY"), 0, 1, 2, 10);

    scenario.pause();
    long before = scenario.receiver.sent.lastKey();
    scenario.run(30);
    assertThat(scenario.receiver.sent.lastKey()).isEqualTo(before);
    assertThat(scenario.receiver.slot.keyFrameWanted(scenario.now())).isEqualTo(NOTHING);

    scenario.receiver.setTarget(0, 1, 2);
    assertThat(scenario.receiver.slot.keyFrameWanted(scenario.now())).isZero();
    scenario.run(10);
    assertThat(scenario.receiver.sent.lastKey()).isGreaterThan(before);
    checkWithoutHoles(scenario);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void after_any_disturbance_what_is_wanted_is_reached(long seed) {
    List<List<String>> kinds =
        List.of(List.of("L1T3"), List.of("L3T3"), List.of("L3T3_KEY"), List.of("S3T3"), SIMULCAST);
    for (List<String> modes : kinds) {
      Random random = new Random(seed);
      Scenario scenario = new Scenario(random, Scenario.Network.ROUGH, 1, modes);
      for (int change = 0; change < 10; change++) {
        scenario.receiver.setTarget(
            random.nextInt(modes.size()), random.nextInt(3), random.nextInt(3));
        scenario.run(20);
      }
      scenario.setNetwork(Scenario.Network.CLEAN);
      int encoding = modes.size() - 1;
      scenario.receiver.setTarget(encoding, ALL_LAYERS, ALL_LAYERS);
      scenario.run(60);
      SlotProjection slot = scenario.receiver.slot;
      assertThat(slot.encoding()).isEqualTo(encoding);
      assertThat(slot.spatialId()).isEqualTo(scenario.encoder(encoding).layers() - 1);
      assertThat(slot.temporalId()).isEqualTo(2);
      assertThat(slot.keyFrameWanted(scenario.now())).isEqualTo(NOTHING);
      long before = scenario.receiver.sent.lastKey();
      scenario.run(30);
      assertThat(scenario.receiver.sent.lastKey()).isGreaterThan(before + 29);
    }
  }

  private static Scenario playing(
      List<String> modes, int encoding, int spatialId, int temporalId, int pictures) {
    Scenario scenario = new Scenario(new Random(7), Scenario.Network.CLEAN, 1, modes);
    scenario.receiver.setTarget(encoding, spatialId, temporalId);
    return scenario.run(pictures);
  }

  private static String layersAfter(Scenario scenario, long index) {
    return scenario.receiver.sent.tailMap(index, false).values().stream()
        .map(it -> it.packet().frame())
        .distinct()
        .map(LayerSwitchTest::layer)
        .collect(Collectors.joining(" "));
  }

  private static String layer(TracePacket.Frame frame) {
    return "S" + frame.spatialId() + "T" + frame.temporalId();
  }

  private static void checkWithoutHoles(Scenario scenario) {
    Oracle oracle = scenario.finish();
    oracle.check();
    assertThat(oracle.holes()).isZero();
    assertThat(oracle.decodedFrames()).isPositive();
  }
}
