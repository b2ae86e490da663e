package dev.sotto.signalling.stream.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.signalling.stream.Delivery;
import dev.sotto.signalling.stream.Namespaces;
import dev.sotto.signalling.stream.StanzaRouter.Link;
import dev.sotto.signalling.xml.Attribute;
import dev.sotto.signalling.xml.Element;
import dev.sotto.signalling.xml.XmlWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** XEP-0198 section 4: what is counted, and how counts wrap around. */
final class UnacknowledgedStanzasTest {

  private static final int LAST = -1; // 2^32 - 1

  private final List<String> acknowledged = new ArrayList<>();

  private static Element message(String id) {
    return Element.of(Namespaces.CLIENT, "message", "id", id);
  }

  private Delivery reporting(String id) {
    return new Delivery() {
      @Override
      public void acknowledged() {
        acknowledged.add(id);
      }

      @Override
      public void failed(Link by, Duration waited) {
        throw new AssertionError("nothing fails here");
      }
    };
  }

  private void add(UnacknowledgedStanzas stanzas, String id, boolean written) {
    stanzas.add(message(id), reporting(id), 0, written);
  }

  @Test
  void section_4_counts_wrap_around_after_2_to_the_32_minus_1() {
    UnacknowledgedStanzas stanzas = new UnacknowledgedStanzas(LAST - 1);
    add(stanzas, "a", true);
    add(stanzas, "b", true);
    add(stanzas, "c", true);
    assertThat(stanzas.written()).isEqualTo(1);

    assertThat(stanzas.acknowledge(LAST)).isTrue();
    assertThat(acknowledged).containsExactly("a");
    assertThat(stanzas.acknowledge(0)).isTrue();
    assertThat(acknowledged).containsExactly("a", "b");
    assertThat(stanzas.acknowledge(2)).isFalse();
    assertThat(stanzas.acknowledge(LAST)).isFalse();
    assertThat(stanzas.acknowledge(1)).isTrue();
    assertThat(acknowledged).containsExactly("a", "b", "c");
    assertThat(stanzas.size()).isZero();
    assertThat(stanzas.bytes()).isZero();
  }

  @Test
  void what_was_not_written_cannot_be_acknowledged() {
    UnacknowledgedStanzas stanzas = new UnacknowledgedStanzas(0);
    add(stanzas, "a", true);
    add(stanzas, "b", false);

    assertThat(stanzas.acknowledge(2)).isFalse();
    assertThat(acknowledged).isEmpty();
    assertThat(stanzas.acknowledge(1)).isTrue();
    assertThat(stanzas.writeAll()).hasSize(1);
    assertThat(stanzas.acknowledge(2)).isTrue();
    assertThat(acknowledged).containsExactly("a", "b");
  }

  @Property(tries = 300)
  void the_bound_of_bytes_counts_at_least_what_is_written(
      @ForAll String text, @ForAll String value) {
    Element stanza =
        Element.of(Namespaces.CLIENT, "message", "id", value)
            .plus(Element.of(Namespaces.CLIENT, "body").plus(text))
            .plus(
                new Element(
                        "urn:example:" + text.length(),
                        "x",
                        List.of(Attribute.lang("en")),
                        List.of())
                    .plus(Element.of("urn:example:other", "y").plus(value)));

    int written = XmlWriter.toString(stanza, "").getBytes(StandardCharsets.UTF_8).length;

    assertThat(StanzaWeight.bytes(stanza)).isGreaterThanOrEqualTo(written);
  }
}
