package dev.sotto.config.settings;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads one written value as the type of its key, and says what is allowed where it cannot. */
final class SettingValue {

  private static final String SECRET_FILE = "file:";

  /**
   * How a type is read, and what it takes in words; {@code %s} stands for its bounds.
   *
   * @param read throws IllegalArgumentException for what it does not take
   */
  private record Kind(Function<String, Object> read, String words) {}

  private static final Map<Class<?>, Kind> KINDS =
      Map.ofEntries(
          Map.entry(String.class, new Kind(text -> text, "text")),
          Map.entry(int.class, new Kind(Integer::valueOf, "a whole number%s")),
          Map.entry(boolean.class, new Kind(SettingValue::parseBoolean, "true or false")),
          Map.entry(Path.class, new Kind(Path::of, "a file name")),
          Map.entry(
              Duration.class, new Kind(Durations::parse, "a duration%s, " + Durations.EXAMPLES)),
          Map.entry(InetAddress.class, new Kind(InetAddress::ofLiteral, "an IP address")),
          Map.entry(
              Secret.class,
              new Kind(
                  Secret::new, "a secret, or file: and the name of a readable file that holds it")),
          Map.entry(HostName.class, new Kind(HostName::parse, "a host name or an IP address")),
          Map.entry(
              DataSize.class, new Kind(DataSize::parse, "a size%s, such as 512, 64KiB or 1MiB")),
          Map.entry(
              PortRange.class,
              new Kind(PortRange::parse, "two ports from 1 to 65535, such as 49152-65535")),
          Map.entry(
              AddressRange.class,
              new Kind(
                  AddressRange::parse, "an IP address or a block of them, such as 10.0.0.0/8")),
          Map.entry(
              SocketAddress.class,
              new Kind(
                  SocketAddress::parse,
                  "an IP address and a port, such as 192.0.2.7:3478 or [2001:db8::7]:3478")),
          Map.entry(UserAccount.class, new Kind(UserAccount::parse, "name:password")),
          Map.entry(
              IceUri.class,
              new Kind(
                  IceUri::parse, "a server such as turn:turn.example.org:3478?transport=udp")));

  private SettingValue() {}

  /**
   * @param home where relative file names count from
   * @throws IllegalArgumentException if the text is not of that type; nothing of it is in the
   *     message, since it may be secret
   */
  static Object parse(Class<?> type, String text, Path home) {
    if (type.isEnum()) {
      return parseEnum(type, text);
    }
    if (type == Secret.class) {
      return parseSecret(text, home);
    }
    Object value = kind(type).read().apply(text);
    return value instanceof Path path ? home.resolve(path) : value;
  }

  private static Kind kind(Class<?> type) {
    return Optional.ofNullable(KINDS.get(type))
        .orElseThrow(() -> new IllegalStateException("no settings can be of " + type));
  }

  private static Object parseBoolean(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException();
    };
  }

  private static Object parseEnum(Class<?> type, String text) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> written(constant).equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(IllegalArgumentException::new);
  }

  private static String written(Object constant) {
    return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A secret may stay in a file of its own, as container platforms mount them. */
  private static Secret parseSecret(String text, Path home) {
    if (!text.startsWith(SECRET_FILE)) {
      return new Secret(text);
    }
    try {
      String value =
          Files.readString(
              home.resolve(text.substring(SECRET_FILE.length())), StandardCharsets.UTF_8);
      if (value.isBlank()) {
        throw new IllegalArgumentException();
      }
      return new Secret(value.strip());
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Whether {@code value} lies within the bounds of its key. */
  static boolean within(Allowed bounds, Object value) {
    return compare(value, bound(value, bounds.min())) >= 0
        && compare(value, bound(value, bounds.max())) <= 0;
  }

  private static Object bound(Object value, String text) {
    return kind(value instanceof Integer ? int.class : value.getClass()).read().apply(text);
  }

  private static int compare(Object value, Object bound) {
    return switch (value) {
      case Integer number -> number.compareTo((Integer) bound);
      case Duration duration -> duration.compareTo((Duration) bound);
      case DataSize size -> size.compareTo((DataSize) bound);
      default -> throw new IllegalStateException("no bounds for " + value.getClass());
    };
  }

  /** What a key takes, in words. */
  static String allowed(Class<?> type, Optional<Allowed> bounds) {
    String range = bounds.map(b -> " from " + b.min() + " to " + b.max()).orElse("");
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(SettingValue::written)
          .collect(Collectors.joining(", ", "one of ", ""));
    }
    return kind(type).words().formatted(range);
  }
}
