package dev.sotto.relay.control;

import static dev.sotto.relay.control.Asked.CONFERENCE;
import static dev.sotto.relay.control.Asked.camera;
import static dev.sotto.relay.control.Asked.change;
import static dev.sotto.relay.control.Asked.creation;
import static dev.sotto.relay.control.Asked.encoding;
import static dev.sotto.relay.control.Asked.end;
import static dev.sotto.relay.control.Asked.join;
import static dev.sotto.relay.control.Asked.leave;
import static dev.sotto.relay.control.Asked.microphone;
import static dev.sotto.relay.control.Asked.modification;
import static dev.sotto.relay.control.Asked.receives;
import static dev.sotto.relay.control.Asked.sends;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The directory of conferences")
class ConferenceDirectoryTest {
  /** Clocks may start anywhere; here the sum overflows within the test. */
  private static final long START_NANOS = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(30);

  private final ConferenceDirectory directory =
      new ConferenceDirectory(ControlLimits.DEFAULT, new Random(1));

  private long nowNanos = START_NANOS;

  @Test
  void a_conference_is_created_changed_and_ended() {
    done(creation(join("a", microphone("a-a0", 1))));
    done(modification(join("b"), change("a", sends(microphone("a-a0", 2)))));

    assertThat(directory.conferenceIds()).containsExactly(CONFERENCE);
    assertThat(directory.endpoints(CONFERENCE))
        .extracting(EndpointState::id)
        .containsExactly("a", "b");
    assertThat(directory.ssrcOwner(CONFERENCE, 1)).isEmpty();
    assertThat(directory.ssrcOwner(CONFERENCE, 2)).contains("a");

    ConferencePlan end = done(end());

    assertThat(end.steps()).extracting(EndpointStep::endpointId).containsExactly("a", "b");
    assertThat(directory.conferenceIds()).isEmpty();
    assertThat(directory.endpoints(CONFERENCE)).isEmpty();
    assertThat(directory.ssrcOwner(CONFERENCE, 2)).isEmpty();
  }

  @Test
  void what_is_not_there_or_there_already_is_refused() {
    assertThat(refusal(modification())).isEqualTo(ErrorCode.CONFERENCE_NOT_FOUND);
    assertThat(refusal(end())).isEqualTo(ErrorCode.CONFERENCE_NOT_FOUND);
    done(creation(join("a")));

    assertThat(refusal(creation())).isEqualTo(ErrorCode.CONFERENCE_EXISTS);
    assertThat(refusal(modification(join("a")))).isEqualTo(ErrorCode.ENDPOINT_EXISTS);
    assertThat(refusal(modification(change("b", EndpointSettings.NONE))))
        .isEqualTo(ErrorCode.ENDPOINT_NOT_FOUND);
  }

  @Test
  void an_endpoint_that_has_left_may_leave_again() {
    done(creation(join("a")));
    done(modification(leave("a")));

    assertThat(done(modification(leave("a"))).steps())
        .containsExactly(new EndpointStep.Absent("a"));
  }

  @Test
  void a_plan_changes_nothing_until_it_is_committed() {
    done(creation(join("a")));
    directory.plan(modification(join("b", microphone("b-a0", 7)), leave("a")));
    directory.plan(end());

    assertThat(directory.endpoints(CONFERENCE)).extracting(EndpointState::id).containsExactly("a");
    assertThat(directory.ssrcOwner(CONFERENCE, 7)).isEmpty();
  }

  @Test
  void a_request_with_one_fault_changes_nothing_at_all() {
    done(creation(join("a", microphone("a-a0", 1)), join("b")));
    List<EndpointState> before = directory.endpoints(CONFERENCE);

    assertThat(
            refusal(
                modification(
                    leave("b"),
                    change("a", sends(microphone("a-a0", 3))),
                    join("c", microphone("c-a0", 4)),
                    join("d", microphone("d-a0", 4)))))
        .isEqualTo(ErrorCode.SSRC_CONFLICT);

    assertThat(directory.endpoints(CONFERENCE)).isEqualTo(before);
    assertThat(directory.ssrcOwner(CONFERENCE, 1)).contains("a");
    assertThat(directory.ssrcOwner(CONFERENCE, 3)).isEmpty();
    assertThat(directory.ssrcOwner(CONFERENCE, 4)).isEmpty();
  }

  @Test
  void a_plan_fits_only_the_state_that_it_was_made_for() {
    done(creation(join("a")));
    ConferencePlan late = directory.plan(modification(join("b")));
    done(modification(join("c")));

    assertThatThrownBy(() -> directory.commit(late, nowNanos))
        .isInstanceOf(IllegalStateException.class);

    done(end());
    ConferencePlan twice = directory.plan(creation());
    done(creation());
    assertThatThrownBy(() -> directory.commit(twice, nowNanos))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> directory.commit(late, nowNanos))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void an_ssrc_is_one_streams_in_the_whole_conference_rtx_included() {
    done(creation(join("a", camera("a-v0", encoding(10, 11)))));

    assertThat(refusal(modification(join("b", microphone("b-a0", 10)))))
        .isEqualTo(ErrorCode.SSRC_CONFLICT);
    assertThat(refusal(modification(join("b", camera("b-v0", encoding(20, 11))))))
        .isEqualTo(ErrorCode.SSRC_CONFLICT);
    assertThat(refusal(modification(join("b", microphone("x", 5)), join("c", microphone("y", 5)))))
        .isEqualTo(ErrorCode.SSRC_CONFLICT);
  }

  @Test
  void an_ssrc_that_is_given_up_may_be_taken_in_the_same_request() {
    done(creation(join("a", microphone("s", 1)), join("b", microphone("t", 2)), join("c")));

    done(
        modification(
            change("c", sends(microphone("s", 1))),
            leave("a"),
            change("b", sends(microphone("u", 3)))));

    assertThat(directory.ssrcOwner(CONFERENCE, 1)).contains("c");
    assertThat(directory.ssrcOwner(CONFERENCE, 2)).isEmpty();
    assertThat(directory.ssrcOwner(CONFERENCE, 3)).contains("b");
    // Two that swap.
    done(
        modification(
            change("b", sends(microphone("s", 1))), change("c", sends(microphone("u", 3)))));
    assertThat(directory.ssrcOwner(CONFERENCE, 1)).contains("b");
    assertThat(directory.ssrcOwner(CONFERENCE, 3)).contains("c");
  }

  @Test
  void the_same_ssrcs_may_be_in_another_conference() {
    done(creation(join("a", microphone("s", 1))));

    ConferenceRequest other =
        new ConferenceRequest(
            "other",
            ConferenceRequest.Action.CREATE,
            Optional.empty(),
            List.of(join("a", microphone("s", 1))));
    done(other);

    assertThat(directory.ssrcOwner("other", 1)).contains("a");
  }

  @Test
  void a_source_id_is_one_sources_in_the_whole_conference() {
    done(creation(join("a", microphone("s", 1))));

    assertThat(refusal(modification(join("b", microphone("s", 2)))))
        .isEqualTo(ErrorCode.SOURCE_CONFLICT);
  }

  @Test
  void slots_differ_from_what_the_endpoint_sends_but_may_be_alike_at_two_endpoints() {
    ReceiveSlots slots =
        new ReceiveSlots(
            List.of(new ReceiveSlots.Slot(100, OptionalLong.empty())),
            List.of(new ReceiveSlots.Slot(101, OptionalLong.of(102))));
    done(creation(join("a", microphone("s", 1)), join("b", microphone("t", 2))));
    done(modification(change("a", receives(slots)), change("b", receives(slots))));

    assertThat(refusal(modification(change("a", sends(microphone("s", 102))))))
        .isEqualTo(ErrorCode.SSRC_CONFLICT);
    ReceiveSlots own =
        new ReceiveSlots(List.of(new ReceiveSlots.Slot(1, OptionalLong.empty())), List.of());
    assertThat(refusal(modification(change("a", receives(own)))))
        .isEqualTo(ErrorCode.SSRC_CONFLICT);
  }

  @Test
  void the_relays_own_ssrcs_are_no_endpoints() {
    // Draws 1 and 2, which are taken, then 0, which no stream has, then 3, 3 and 4.
    ConferenceDirectory scripted =
        new ConferenceDirectory(ControlLimits.DEFAULT, drawing(1, 2, 0, 3, 3, 4));
    ConferencePlan created = scripted.plan(creation(join("a", camera("v", encoding(1, 2)))));

    assertThat(created.feedback()).isEqualTo(new FeedbackSources(3, 4));
    scripted.commit(created, nowNanos);
    assertThatThrownBy(() -> scripted.plan(modification(join("b", microphone("s", 4)))))
        .isInstanceOfSatisfying(
            ControlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SSRC_CONFLICT));
    ReceiveSlots slots =
        new ReceiveSlots(List.of(new ReceiveSlots.Slot(3, OptionalLong.empty())), List.of());
    assertThatThrownBy(() -> scripted.plan(modification(change("a", receives(slots)))))
        .isInstanceOfSatisfying(
            ControlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SSRC_CONFLICT));
    assertThat(scripted.plan(end()).feedback()).isEqualTo(created.feedback());
  }

  @Test
  void a_conference_expires_after_60_s_without_media_and_requests() {
    done(creation(join("a")));
    advanceSeconds(59);
    assertThat(directory.expireIdle(nowNanos)).isEmpty();
    done(modification(join("b")));
    advanceSeconds(59);
    directory.touch(CONFERENCE, nowNanos);
    directory.touch("not held", nowNanos);
    advanceSeconds(59);
    assertThat(directory.expireIdle(nowNanos)).isEmpty();

    advanceSeconds(1);

    assertThat(directory.expireIdle(nowNanos)).containsExactly(CONFERENCE);
    assertThat(directory.expireIdle(nowNanos)).isEmpty();
    assertThat(refusal(modification())).isEqualTo(ErrorCode.CONFERENCE_NOT_FOUND);
    assertThat(nowNanos).as("the clock has overflown").isNegative();
  }

  @Test
  void a_refused_request_is_no_activity() {
    done(creation(join("a")));
    advanceSeconds(59);
    refusal(modification(join("a")));
    advanceSeconds(1);

    assertThat(directory.expireIdle(nowNanos)).containsExactly(CONFERENCE);
  }

  @Test
  void while_it_drains_no_conference_comes_but_those_held_go_on() {
    done(creation(join("a")));
    directory.setDraining(true);

    ConferenceRequest other =
        new ConferenceRequest(
            "other", ConferenceRequest.Action.CREATE, Optional.empty(), List.of());
    assertThat(refusal(other)).isEqualTo(ErrorCode.DRAINING);
    done(modification(join("b")));

    directory.setDraining(false);
    done(other);
  }

  @Test
  void conferences_and_endpoints_have_limits() {
    ControlLimits d = ControlLimits.DEFAULT;
    ConferenceDirectory small =
        new ConferenceDirectory(
            new ControlLimits(
                1,
                2,
                d.sourcesPerEndpoint(),
                d.encodingsPerSource(),
                d.ssrcsPerEndpoint(),
                d.slotsPerKind(),
                d.constrainedSources(),
                d.payloadTypesPerMedia(),
                d.parametersPerPayloadType(),
                d.feedbackPerPayloadType(),
                d.headerExtensionsPerMedia(),
                d.fingerprints(),
                d.candidates(),
                d.idLength(),
                d.textLength()),
            new Random(1));
    small.commit(small.plan(creation(join("a"), join("b"))), nowNanos);

    assertThat(code(() -> small.plan(modification(join("c")))))
        .isEqualTo(ErrorCode.LIMIT_ENDPOINTS);
    // One for another is within the limit.
    small.commit(small.plan(modification(join("c"), leave("a"))), nowNanos);
    ConferenceRequest other =
        new ConferenceRequest(
            "other", ConferenceRequest.Action.CREATE, Optional.empty(), List.of());
    assertThat(code(() -> small.plan(other))).isEqualTo(ErrorCode.LIMIT_CONFERENCES);
  }

  @Test
  void three_thousand_endpoints_join_one_by_one_in_linear_time() {
    done(creation());
    for (int i = 0; i < ControlLimits.DEFAULT.endpointsPerConference(); i++) {
      done(modification(join("e" + i, microphone("s" + i, i + 1L))));
    }

    assertThat(directory.endpoints(CONFERENCE)).hasSize(3_000);
    assertThat(refusal(modification(join("one more")))).isEqualTo(ErrorCode.LIMIT_ENDPOINTS);
  }

  @Test
  void an_order_to_restart_ice_is_in_the_plan_and_not_in_the_state() {
    done(creation(join("a")));
    RemoteTransport restart =
        new RemoteTransport(Optional.empty(), Optional.empty(), List.of(), List.of(), true);

    ConferencePlan plan = done(modification(change("a", Asked.reachedAt(restart))));

    assertThat(plan.steps())
        .singleElement()
        .isInstanceOfSatisfying(
            EndpointStep.Modified.class, step -> assertThat(step.iceRestart()).isTrue());
    assertThat(directory.endpoints(CONFERENCE).getFirst().transport().iceRestart()).isFalse();
  }

  private ConferencePlan done(ConferenceRequest request) {
    ConferencePlan plan = directory.plan(request);
    directory.commit(plan, nowNanos);
    return plan;
  }

  private ErrorCode refusal(ConferenceRequest request) {
    return code(() -> directory.plan(request));
  }

  private static ErrorCode code(ThrowingCallable call) {
    return catchThrowableOfType(ControlException.class, call).code();
  }

  private void advanceSeconds(long seconds) {
    nowNanos += TimeUnit.SECONDS.toNanos(seconds);
  }

  private static RandomGenerator drawing(int... values) {
    List<Integer> left = new ArrayList<>();
    for (int value : values) {
      left.add(value);
    }
    return new RandomGenerator() {
      @Override
      public long nextLong() {
        throw new UnsupportedOperationException();
      }

      @Override
      public int nextInt() {
        return left.removeFirst();
      }
    };
  }
}
