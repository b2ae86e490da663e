package dev.sotto.media.pacing;

/** Gets the handles of packets that waited too long, so that their memory can be reused. */
@FunctionalInterface
public interface DropListener {
  void onDropped(long handle);
}
