package dev.sotto.turn.stun;

/**
 * STUN message types as they stand in the first two bytes (RFC 8489 section 5, RFC 8656 section
 * 17).
 *
 * <pre>
 *  0 0 M11..M7 C1 M6..M4 C0 M3..M0
 * </pre>
 */
public final class MessageType {
  public static final int BINDING_REQUEST = 0x0001;
  public static final int ALLOCATE_REQUEST = 0x0003;
  public static final int REFRESH_REQUEST = 0x0004;
  public static final int SEND_INDICATION = 0x0016;
  public static final int DATA_INDICATION = 0x0017;
  public static final int CREATE_PERMISSION_REQUEST = 0x0008;
  public static final int CHANNEL_BIND_REQUEST = 0x0009;

  private static final int CLASS_MASK = 0x0110;
  private static final int SUCCESS_CLASS = 0x0100;
  private static final int ERROR_CLASS = 0x0110;

  private MessageType() {}

  public static boolean isRequest(int type) {
    return (type & CLASS_MASK) == 0;
  }

  public static int successOf(int requestType) {
    return requestType | SUCCESS_CLASS;
  }

  public static int errorOf(int requestType) {
    return requestType | ERROR_CLASS;
  }
}
