package dev.sotto.relay.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What is known of an endpoint")
class EndpointStateTest {
  private static final IceCredentials FIRST = new IceCredentials("abcd", "a".repeat(22));
  private static final IceCredentials SECOND = new IceCredentials("efgh", "b".repeat(22));
  private static final Fingerprint FINGERPRINT =
      new Fingerprint("sha-256", "AB:".repeat(31) + "AB");

  @Test
  void a_part_that_is_not_named_stays() {
    EndpointSettings all =
        new EndpointSettings(
            Optional.of(transport(Optional.of(FIRST), candidate(1))),
            List.of(media(MediaKind.AUDIO, 111), media(MediaKind.VIDEO, 96)),
            Optional.of(List.of(Asked.microphone("s", 1))),
            Optional.of(new ForcedMute(true, false)),
            Optional.of(ReceiveSlots.NONE),
            Optional.of(
                new ReceiverConstraints(
                    OptionalInt.of(3),
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    Map.of(),
                    Set.of("t"))));
    EndpointState state = EndpointState.unknown("a").with(all);

    assertThat(state.with(EndpointSettings.NONE)).isEqualTo(state);
    EndpointState video = state.with(Asked.carries(media(MediaKind.VIDEO, 97)));
    assertThat(video.media().get(MediaKind.AUDIO)).isEqualTo(media(MediaKind.AUDIO, 111));
    assertThat(video.media().get(MediaKind.VIDEO)).isEqualTo(media(MediaKind.VIDEO, 97));
    assertThat(state.with(Asked.sends()).sources()).isEmpty();
  }

  @Test
  void candidates_trickle_in_and_are_kept_once() {
    EndpointState state =
        told(
            transport(Optional.empty(), candidate(1)),
            transport(Optional.of(FIRST), candidate(2)),
            transport(Optional.of(FIRST), candidate(2), candidate(3)),
            transport(Optional.empty(), candidate(4)));

    assertThat(state.transport().candidates())
        .containsExactly(candidate(1), candidate(2), candidate(3), candidate(4));
    assertThat(state.transport().credentials()).contains(FIRST);
  }

  @Test
  void new_credentials_start_a_new_generation_with_its_own_candidates() {
    EndpointState state =
        told(
            transport(Optional.of(FIRST), candidate(1)),
            transport(Optional.of(SECOND), candidate(2)));

    assertThat(state.transport().credentials()).contains(SECOND);
    assertThat(state.transport().candidates()).containsExactly(candidate(2));
  }

  @Test
  void fingerprints_and_role_stay_through_an_ice_restart() {
    RemoteTransport dtls =
        new RemoteTransport(
            Optional.of(FIRST),
            Optional.of(DtlsSetup.ACTIVE),
            List.of(FINGERPRINT),
            List.of(),
            false);

    EndpointState state = told(dtls, transport(Optional.of(SECOND)));

    assertThat(state.transport().setup()).contains(DtlsSetup.ACTIVE);
    assertThat(state.transport().fingerprints()).containsExactly(FINGERPRINT);
  }

  private static EndpointState told(RemoteTransport... transports) {
    EndpointState state = EndpointState.unknown("a");
    for (RemoteTransport transport : transports) {
      state = state.with(Asked.reachedAt(transport));
    }
    return state;
  }

  private static RemoteTransport transport(
      Optional<IceCredentials> credentials, Candidate... candidates) {
    return new RemoteTransport(
        credentials, Optional.empty(), List.of(), List.of(candidates), false);
  }

  private static Candidate candidate(int port) {
    return new Candidate("1", 1, "192.0.2.1", port, Candidate.Type.HOST, Optional.empty());
  }

  private static MediaDescription media(MediaKind kind, int payloadType) {
    return new MediaDescription(kind, List.of(Asked.opus(payloadType)), List.of(), false);
  }
}
