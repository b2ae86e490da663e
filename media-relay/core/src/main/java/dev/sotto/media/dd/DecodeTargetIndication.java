package dev.sotto.media.dd;

/**
 * What a frame is to a decode target (table A.1). Plain integers, since they are read from packed
 * words for each frame.
 */
public final class DecodeTargetIndication {
  public static final int NOT_PRESENT = 0;
  public static final int DISCARDABLE = 1;
  public static final int SWITCH = 2;
  public static final int REQUIRED = 3;

  private DecodeTargetIndication() {}
}
