package dev.sotto.relay.control;

import java.util.List;
import java.util.Optional;

/**
 * What is said of an endpoint. Each part replaces what was known of it; an absent part leaves it.
 *
 * @param transport where and as whom it is reached; merged as {@link RemoteTransport} says
 * @param media each kind at most once; a kind that is not here stays as it is
 * @param sources all that the endpoint sends from now on
 * @param slots all that the relay rewrites into; without any, sources keep their own SSRCs
 */
public record EndpointSettings(
    Optional<RemoteTransport> transport,
    List<MediaDescription> media,
    Optional<List<SourceDescription>> sources,
    Optional<ForcedMute> forcedMute,
    Optional<ReceiveSlots> slots,
    Optional<ReceiverConstraints> constraints) {

  /** Says nothing. */
  public static final EndpointSettings NONE =
      new EndpointSettings(
          Optional.empty(),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  public EndpointSettings {
    media = List.copyOf(media);
    sources = sources.map(List::copyOf);
  }
}
