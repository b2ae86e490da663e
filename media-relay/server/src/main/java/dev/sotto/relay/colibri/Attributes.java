package dev.sotto.relay.colibri;

import dev.sotto.relay.control.ControlException;
import dev.sotto.relay.control.ErrorCode;
import dev.sotto.relay.control.Texts;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jitsi.xmpp.extensions.AbstractPacketExtension;

/** Reads typed attributes, which the elements keep as strings; a wrong one is a refusal. */
final class Attributes {
  private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]{1,19}");

  private Attributes() {}

  static Optional<String> text(AbstractPacketExtension element, String name) {
    return Optional.ofNullable(element.getAttributeAsString(name));
  }

  static String requiredText(AbstractPacketExtension element, String name) {
    return text(element, name)
        .orElseThrow(() -> bad("%s has no %s".formatted(element.getElementName(), name)));
  }

  static boolean flag(AbstractPacketExtension element, String name) {
    return choice(element, name, Map.of("true", true, "false", false)).orElse(false);
  }

  static OptionalLong number(AbstractPacketExtension element, String name) {
    Optional<String> text = text(element, name);
    return text.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(parse(element, name, text.get(), Long.MIN_VALUE, Long.MAX_VALUE));
  }

  static long requiredNumber(AbstractPacketExtension element, String name) {
    return parse(element, name, requiredText(element, name), Long.MIN_VALUE, Long.MAX_VALUE);
  }

  static OptionalInt integer(AbstractPacketExtension element, String name) {
    Optional<String> text = text(element, name);
    return text.isEmpty()
        ? OptionalInt.empty()
        : OptionalInt.of(
            (int) parse(element, name, text.get(), Integer.MIN_VALUE, Integer.MAX_VALUE));
  }

  static int requiredInteger(AbstractPacketExtension element, String name) {
    return (int)
        parse(element, name, requiredText(element, name), Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  static <T> Optional<T> choice(
      AbstractPacketExtension element, String name, Map<String, T> values) {
    return text(element, name)
        .map(text -> {
          T value = values.get(text);
          if (value == null) {
            throw bad(
                "%s of %s is %s: %s"
                    .formatted(
                        name,
                        element.getElementName(),
                        Texts.quoted(text),
                        Texts.oneOf(values.keySet().stream().sorted().toList())));
          }
          return value;
        });
  }

  static <T> T requiredChoice(AbstractPacketExtension element, String name, Map<String, T> values) {
    requiredText(element, name);
    return choice(element, name, values).orElseThrow();
  }

  static ControlException bad(String message) {
    return new ControlException(ErrorCode.BAD_REQUEST, message);
  }

  /** A whole number in ASCII digits, as no other notation goes over the wire. */
  static OptionalLong wholeNumber(String text) {
    if (!WHOLE_NUMBER.matcher(text).matches()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException _) {
      return OptionalLong.empty();
    }
  }

  private static long parse(
      AbstractPacketExtension element, String name, String text, long least, long most) {
    OptionalLong value = wholeNumber(text);
    if (value.isEmpty() || value.getAsLong() < least || value.getAsLong() > most) {
      throw bad(
          "%s of %s is %s, not a whole number in range"
              .formatted(name, element.getElementName(), Texts.quoted(text)));
    }
    return value.getAsLong();
  }
}
