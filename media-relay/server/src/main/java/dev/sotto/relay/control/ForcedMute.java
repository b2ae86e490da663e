package dev.sotto.relay.control;

/** Whether the relay drops what an endpoint sends, whatever the endpoint says of itself. */
public record ForcedMute(boolean audio, boolean video) {
  public static final ForcedMute NONE = new ForcedMute(false, false);
}
