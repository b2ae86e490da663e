package dev.sotto.media.selection;

import dev.sotto.media.selection.testkit.Scenario;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Any targets at any times over any trace: what a receiver gets stays decodable. */
class SlotProjectionPropertiesTest {
  private static final List<List<String>> SOURCES =
      List.of(
          List.of("L1T3"),
          List.of("L3T3"),
          List.of("L3T3_KEY"),
          List.of("S3T3"),
          List.of("L1T3", "L1T3", "L1T3"));

  @Property(tries = 100)
  void reordered_and_doubled_packets_never_break_a_receiver(
      @ForAll long seed, @ForAll @IntRange(max = 4) int kind) {
    play(seed, new Scenario.Network(0, 15, 5), SOURCES.get(kind));
  }

  @Property(tries = 100)
  void lost_packets_never_break_more_than_what_leans_on_them(
      @ForAll long seed, @ForAll @IntRange(max = 4) int kind) {
    play(seed, Scenario.Network.ROUGH, SOURCES.get(kind));
  }

  private static void play(long seed, Scenario.Network network, List<String> modes) {
    Random random = new Random(seed);
    Scenario scenario = new Scenario(random, network, 2, modes);
    setAnyTarget(scenario, random, modes.size());
    for (int change = 0; change < 20; change++) {
      scenario.run(1 + random.nextInt(25));
      switch (random.nextInt(10)) {
        case 0 -> {
          scenario.occupy(random.nextInt(2));
          setAnyTarget(scenario, random, modes.size());
        }
        case 1 -> scenario.pause();
        case 2 -> {
          int layers = scenario.encoder(0).layers();
          scenario.encoder(0).setActiveLayers(1 + random.nextInt(layers));
        }
        case 3 -> scenario.encoder(random.nextInt(modes.size())).wantKeyFrame();
        default -> setAnyTarget(scenario, random, modes.size());
      }
    }
    scenario.finish().check();
  }

  private static void setAnyTarget(Scenario scenario, Random random, int encodings) {
    scenario.receiver.setTarget(random.nextInt(encodings), random.nextInt(3), random.nextInt(3));
  }
}
