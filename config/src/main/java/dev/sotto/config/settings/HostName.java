package dev.sotto.config.settings;

import java.util.Locale;
import java.util.regex.Pattern;

/** A host name (RFC 1123 labels) or an IP address literal, in lower case. */
public record HostName(String value) {

  private static final int MAX_LENGTH = 253;
  private static final String LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
  private static final Pattern NAME = Pattern.compile(LABEL + "(?:\\." + LABEL + ")*");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-f:]*:[0-9a-f:.]*");

  public HostName {
    if (value.length() > MAX_LENGTH
        || !(NAME.matcher(value).matches() || IPV6.matcher(value).matches())) {
      throw new IllegalArgumentException();
    }
  }

  static HostName parse(String text) {
    return new HostName(text.toLowerCase(Locale.ROOT));
  }

  /** As it stands in a URL: IPv6 literals in brackets. */
  public String inUrl() {
    return value.indexOf(':') >= 0 ? "[" + value + "]" : value;
  }

  @Override
  public String toString() {
    return value;
  }
}
