package dev.sotto.signalling.stream.management;

import dev.sotto.signalling.stream.Namespaces;
import dev.sotto.signalling.stream.StanzaError;
import dev.sotto.signalling.stream.StreamError;
import dev.sotto.signalling.xml.Element;
import java.time.Duration;
import java.util.Optional;

/** The elements of XEP-0198, which are not stanzas and are not counted. */
public final class Nonza {

  private Nonza() {}

  /** Asks the client what it has handled. */
  public static Element request() {
    return Element.of(Namespaces.STREAM_MANAGEMENT, "r");
  }

  /** Says what the server has handled. */
  public static Element answer(int handled) {
    return Element.of(Namespaces.STREAM_MANAGEMENT, "a", "h", Integer.toUnsignedString(handled));
  }

  /** Acknowledgements are on, without resumption. */
  public static Element enabled() {
    return Element.of(Namespaces.STREAM_MANAGEMENT, "enabled");
  }

  /**
   * Acknowledgements are on, and the session waits for its client as long as this. There is no
   * {@code location}: the domain leads to the only place that knows the session.
   */
  public static Element enabled(String id, Duration max) {
    return enabled()
        .with("id", id)
        .with("resume", "true")
        .with("max", Long.toString(max.toSeconds()));
  }

  /** The session goes on. */
  public static Element resumed(String id, int handled) {
    return Element.of(
        Namespaces.STREAM_MANAGEMENT,
        "resumed",
        "previd",
        id,
        "h",
        Integer.toUnsignedString(handled));
  }

  /** {@code <enable/>} or {@code <resume/>} did not work. */
  public static Element failed(StanzaError.Condition condition, Optional<Integer> handled) {
    Element failed = Element.of(Namespaces.STREAM_MANAGEMENT, "failed");
    return handled
        .map(h -> failed.with("h", Integer.toUnsignedString(h)))
        .orElse(failed)
        .plus(Element.of(Namespaces.STANZA_ERRORS, condition.wireName()));
  }

  /** The client counts what it was not sent (XEP-0198 section 6). */
  public static StreamError handledCountTooHigh(int h, int sent) {
    String claimed = Integer.toUnsignedString(h);
    String counted = Integer.toUnsignedString(sent);
    return new StreamError(
        StreamError.Condition.UNDEFINED_CONDITION,
        "you acknowledged " + claimed + " stanzas, but were sent " + counted,
        Optional.of(
            Element.of(
                Namespaces.STREAM_MANAGEMENT,
                "handled-count-too-high",
                "h",
                claimed,
                "send-count",
                counted)));
  }

  /** The count in {@code <a/>} and {@code <resume/>}; empty if it is none. */
  public static Optional<Integer> count(Element element) {
    return element.attribute("h").flatMap(Nonza::unsignedInt);
  }

  private static Optional<Integer> unsignedInt(String text) {
    try {
      return Optional.of(Integer.parseUnsignedInt(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Whether {@code <enable/>} asks for resumption. */
  public static boolean asksForResumption(Element enable) {
    String resume = enable.attribute("resume").orElse("");
    return resume.equals("true") || resume.equals("1");
  }

  /** How long the session waits: what the client prefers, but no longer than the server allows. */
  public static Duration resumptionTime(Element enable, Duration allowed) {
    return enable
        .attribute("max")
        .flatMap(Nonza::unsignedInt)
        .map(seconds -> Duration.ofSeconds(Integer.toUnsignedLong(seconds)))
        .filter(preferred -> preferred.isPositive() && preferred.compareTo(allowed) < 0)
        .orElse(allowed);
  }
}
