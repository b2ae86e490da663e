package dev.sotto.signalling.stream;

import dev.sotto.signalling.stream.StanzaRouter.Link;
import java.time.Duration;

/**
 * What a stanza's sender wants to know of its way to a device. One of the two is called once for
 * each device that the stanza was sent to, on the loop that owns the device; neither may block.
 */
public interface Delivery {

  /** For what nobody asks after. */
  Delivery UNTRACKED = (by, waited) -> {};

  /**
   * The client has acknowledged it (XEP-0198 section 4) or, of a client that does not acknowledge,
   * it has been written.
   */
  default void acknowledged() {}

  /**
   * The device is gone and has not acknowledged it, {@code waited} after it was accepted.
   *
   * @param by the way to that device, on which nothing more can be sent
   */
  void failed(Link by, Duration waited);
}
