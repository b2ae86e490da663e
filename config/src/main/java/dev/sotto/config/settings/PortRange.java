package dev.sotto.config.settings;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ports from {@code first} to {@code last}, both included, written {@code 49152-65535}. */
public record PortRange(int first, int last) {

  private static final Pattern FORM = Pattern.compile("(\\d{1,5})\\s*-\\s*(\\d{1,5})");
  private static final int MAX_PORT = 65_535;

  public PortRange {
    if (first < 1 || last > MAX_PORT || first > last) {
      throw new IllegalArgumentException();
    }
  }

  static PortRange parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException();
    }
    return new PortRange(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)));
  }
}
