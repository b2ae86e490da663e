package dev.sotto.relay.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class AddressTablePropertiesTest {
  private static final String NOBODY = "nobody";

  record Step(boolean puts, int socket, InetSocketAddress address, String owner) {}

  private record Place(int socket, InetSocketAddress address) {}

  @Property(tries = 300)
  void the_table_remembers_what_a_map_remembers(@ForAll("steps") List<Step> steps) {
    AddressTable<String> table = new AddressTable<>();
    Map<Place, String> model = new HashMap<>();
    for (Step step : steps) {
      long key = RemoteKeys.of(step.socket, step.address);
      Place place = new Place(step.socket, step.address);
      if (step.puts) {
        assertThat(table.put(key, step.address, step.owner))
            .isEqualTo(Optional.ofNullable(model.put(place, step.owner)));
      } else {
        table.remove(key, step.address, step.owner);
        model.remove(place, step.owner);
      }
      assertThat(table.size()).isEqualTo(model.size());
    }
    for (Step step : steps) {
      assertThat(table.find(RemoteKeys.of(step.socket, step.address), step.address, NOBODY))
          .isEqualTo(model.getOrDefault(new Place(step.socket, step.address), NOBODY));
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<InetSocketAddress> addresses =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(2, addressesOf(AddressTablePropertiesTest::version4)),
            net.jqwik.api.Tuple.of(3, addressesOf(AddressTablePropertiesTest::colliding)));
    return Combinators.combine(
            Arbitraries.frequency(
                net.jqwik.api.Tuple.of(3, true), net.jqwik.api.Tuple.of(2, false)),
            Arbitraries.integers().between(0, 2),
            addresses,
            Arbitraries.of("a", "b", "c"))
        .as(Step::new)
        .list()
        .ofMaxSize(600);
  }

  private static Arbitrary<InetSocketAddress> addressesOf(
      java.util.function.IntFunction<InetAddress> host) {
    return Combinators.combine(
            Arbitraries.integers().between(0, 40), Arbitraries.integers().between(5000, 5004))
        .as((number, port) -> new InetSocketAddress(host.apply(number), port));
  }

  private static InetAddress version4(int number) {
    return address(new byte[] {10, 0, (byte) (number >> 3), (byte) number});
  }

  /** All of one hash, which is the sum of the four words of an address. */
  private static InetAddress colliding(int number) {
    byte[] bytes = new byte[16];
    bytes[0] = 0x20;
    bytes[7] = (byte) number;
    bytes[15] = (byte) (100 - number);
    return address(bytes);
  }

  private static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Property(tries = 50)
  void addresses_of_one_hash_are_told_apart(
      @ForAll @net.jqwik.api.constraints.IntRange(min = 1, max = 100) int count) {
    AddressTable<Integer> table = new AddressTable<>();
    for (int i = 0; i < count; i++) {
      InetSocketAddress address = new InetSocketAddress(colliding(i), 5000);
      assertThat(RemoteKeys.of(0, address))
          .isEqualTo(RemoteKeys.of(0, new InetSocketAddress(colliding(0), 5000)));
      assertThat(table.put(RemoteKeys.of(0, address), address, i)).isEmpty();
    }
    for (int i = 0; i < count; i++) {
      InetSocketAddress address = new InetSocketAddress(colliding(i), 5000);
      assertThat(table.find(RemoteKeys.of(0, address), address, -1)).isEqualTo(i);
    }
  }
}
