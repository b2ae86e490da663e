package dev.sotto.turn.stun;

/** The two integrity attributes of RFC 8489 sections 14.5 and 14.6. */
public enum IntegrityAlgorithm {
  HMAC_SHA1(AttributeType.MESSAGE_INTEGRITY, "HmacSHA1", 20, 20),
  /** May be truncated by the sender down to 16 bytes. */
  HMAC_SHA256(AttributeType.MESSAGE_INTEGRITY_SHA256, "HmacSHA256", 16, 32);

  private final int attributeType;
  private final String macName;
  private final int minimumBytes;
  private final int bytes;

  IntegrityAlgorithm(int attributeType, String macName, int minimumBytes, int bytes) {
    this.attributeType = attributeType;
    this.macName = macName;
    this.minimumBytes = minimumBytes;
    this.bytes = bytes;
  }

  public int attributeType() {
    return attributeType;
  }

  String macName() {
    return macName;
  }

  int bytes() {
    return bytes;
  }

  boolean acceptsLength(int lengthBytes) {
    return lengthBytes >= minimumBytes && lengthBytes <= bytes && lengthBytes % 4 == 0;
  }
}
