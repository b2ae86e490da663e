package dev.sotto.signalling.sasl;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a mechanism must know of the connection that it runs on.
 *
 * @param domain whose users log in
 * @param confidential whether passwords and tokens may be sent: TLS, or a connection that never
 *     leaves this host
 * @param bindings data of each kind of channel binding that the connection has
 */
public record SaslChannel(
    String domain, boolean confidential, Function<ChannelBindingType, Optional<byte[]>> bindings) {

  /** What can be bound to, best first. */
  public List<ChannelBindingType> bindingTypes() {
    return Arrays.stream(ChannelBindingType.values())
        .filter(type -> bindings.apply(type).isPresent())
        .toList();
  }
}
