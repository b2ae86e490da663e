package dev.sotto.media.ice;

import java.util.List;

/**
 * Learns public addresses: from configuration, or with ice4j's mapping harvesters, whose discovery
 * opens sockets and belongs to the shell therefore.
 */
@FunctionalInterface
public interface AddressMappingSource {
  /** Mappings found, none when nothing was; may block, so it is not called on an event loop. */
  List<AddressMapping> discover();
}
