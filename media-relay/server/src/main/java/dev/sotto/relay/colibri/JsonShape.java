package dev.sotto.relay.colibri;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sotto.relay.control.ControlException;
import dev.sotto.relay.control.ErrorCode;
import dev.sotto.relay.control.Texts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a JSON value may be. The deserialisers of Jitsi's library pass over keys that they do not
 * know and values that they cannot use; shapes are checked before, so that they meet neither.
 */
@FunctionalInterface
interface JsonShape {
  /**
   * Lets a value of this shape pass.
   *
   * @param path of the value, for messages
   * @throws ControlException when the value is of another shape
   */
  void check(JsonNode value, String path);

  /** Any string. */
  static JsonShape string() {
    return (value, path) -> require(value.isTextual(), value, path, "a string");
  }

  /** One of a few strings. */
  static JsonShape oneOf(String... words) {
    List<String> allowed = List.of(words);
    return (value, path) ->
        require(
            value.isTextual() && allowed.contains(value.textValue()),
            value,
            path,
            Texts.oneOf(allowed));
  }

  static JsonShape flag() {
    return (value, path) -> require(value.isBoolean(), value, path, "true or false");
  }

  static JsonShape integer(long least, long most) {
    return (value, path) ->
        require(
            isInteger(value, least, most),
            value,
            path,
            "a whole number from %d to %d".formatted(least, most));
  }

  /** A whole number, or a string with one: Jitsi writes the attributes of some elements so. */
  static JsonShape integerOrDigits(long least, long most) {
    return (value, path) ->
        require(
            isInteger(value, least, most) || isDigits(value, least, most),
            value,
            path,
            "a whole number from %d to %d".formatted(least, most));
  }

  /** What becomes the text of an attribute. */
  static JsonShape scalar() {
    return (value, path) ->
        require(
            value.isTextual() || value.isNumber() || value.isBoolean(),
            value,
            path,
            "a string, number, true or false");
  }

  static JsonShape array(JsonShape element) {
    return (value, path) -> {
      require(value.isArray(), value, path, "an array");
      for (int i = 0; i < value.size(); i++) {
        element.check(value.get(i), path + "[" + i + "]");
      }
    };
  }

  /** An object whose keys are the sender's. */
  static JsonShape mapOf(JsonShape element) {
    return (value, path) -> {
      require(value.isObject(), value, path, "an object");
      value
          .properties()
          .forEach(entry -> element.check(entry.getValue(), path + "." + shown(entry.getKey())));
    };
  }

  /** One shape or the other, told apart by whether the value is an object. */
  static JsonShape objectOr(JsonShape object, JsonShape other) {
    return (value, path) -> (value.isObject() ? object : other).check(value, path);
  }

  /** Something known that this relay does not do. */
  static JsonShape refused(String why) {
    return (_, path) -> {
      throw new ControlException(ErrorCode.NOT_IMPLEMENTED, path + ": " + why);
    };
  }

  /** An object of known keys, all of which may be absent until {@link Keys#required} says not. */
  static Keys object() {
    return new Keys();
  }

  /** The keys of an object. */
  final class Keys implements JsonShape {
    private final Map<String, JsonShape> shapes = new HashMap<>();
    private final List<String> required = new ArrayList<>();

    Keys optional(String key, JsonShape shape) {
      shapes.put(key, shape);
      return this;
    }

    Keys required(String key, JsonShape shape) {
      required.add(key);
      return optional(key, shape);
    }

    @Override
    public void check(JsonNode value, String path) {
      require(value.isObject(), value, path, "an object");
      for (Map.Entry<String, JsonNode> entry : value.properties()) {
        JsonShape shape = shapes.get(entry.getKey());
        if (shape == null) {
          throw Attributes.bad(
              "%s has the key %s, which is not known"
                  .formatted(path, Texts.quoted(entry.getKey())));
        }
        shape.check(entry.getValue(), path + "." + entry.getKey());
      }
      for (String key : required) {
        if (!value.has(key)) {
          throw Attributes.bad("%s has no %s".formatted(path, key));
        }
      }
    }
  }

  private static void require(boolean holds, JsonNode value, String path, String expected) {
    if (!holds) {
      throw Attributes.bad(
          "%s is %s, not %s"
              .formatted(
                  path,
                  value.isContainerNode()
                      ? Texts.lower(value.getNodeType())
                      : Texts.quoted(value.asText()),
                  expected));
    }
  }

  private static boolean isInteger(JsonNode value, long least, long most) {
    return value.isIntegralNumber()
        && value.canConvertToLong()
        && value.longValue() >= least
        && value.longValue() <= most;
  }

  private static boolean isDigits(JsonNode value, long least, long most) {
    OptionalLong number =
        value.isTextual() ? Attributes.wholeNumber(value.textValue()) : OptionalLong.empty();
    return number.isPresent() && number.getAsLong() >= least && number.getAsLong() <= most;
  }

  private static String shown(String key) {
    String quoted = Texts.quoted(key);
    return quoted.substring(1, quoted.length() - 1);
  }
}
