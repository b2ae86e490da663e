package dev.sotto.media.dd.testkit;

import java.util.stream.IntStream;

/** Bits as a text of zeros and ones: slow, and plain enough to be checked against the syntax. */
public final class Bits {
  private final StringBuilder text = new StringBuilder();

  /** f(n). */
  public Bits f(int width, int value) {
    for (int bit = width - 1; bit >= 0; bit--) {
      text.append(value >>> bit & 1);
    }
    return this;
  }

  /** ns(n), as write_ns of A.8.2. */
  public Bits ns(int values, int value) {
    if (values == 1) {
      return this;
    }
    int w = Integer.toBinaryString(values).length();
    int m = (1 << w) - values;
    return value < m ? f(w - 1, value) : f(w, value + m);
  }

  public Bits text(String zerosAndOnes) {
    text.append(zerosAndOnes);
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }

  public byte[] toBytes() {
    String padded = text + "0".repeat((8 - text.length() % 8) % 8);
    byte[] bytes = new byte[padded.length() / 8];
    IntStream.range(0, bytes.length)
        .forEach(i -> bytes[i] = (byte) Integer.parseInt(padded, 8 * i, 8 * i + 8, 2));
    return bytes;
  }
}
