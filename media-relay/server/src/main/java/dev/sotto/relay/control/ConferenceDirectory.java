package dev.sotto.relay.control;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Who is in which conference, and whose each SSRC and source id is. A request becomes a plan, which
 * checks all of it and changes nothing; a plan that is committed takes effect as a whole. Between
 * the two the relay does its own part, which may still fail. Of one thread.
 */
public final class ConferenceDirectory {
  /** How long a conference without media and requests stays. */
  public static final long IDLE_NANOS = 60_000_000_000L;

  /** The version of a conference that is yet to be, and that no conference has. */
  private static final long NOT_HELD = 0;

  /** While endpoints of a new conference are planned: no SSRC is 0. */
  private static final FeedbackSources NOT_CHOSEN = new FeedbackSources(0, 0);

  private final ControlLimits limits;
  private final RequestRules rules;
  private final RandomGenerator random;
  private final Map<String, ConferenceState> conferences = new LinkedHashMap<>();

  /** Over all conferences, so that one which ended and came anew has another version. */
  private long versions = NOT_HELD;

  private boolean draining;

  /**
   * @param random for the relay's own SSRCs
   */
  public ConferenceDirectory(ControlLimits limits, RandomGenerator random) {
    this.limits = limits;
    this.rules = new RequestRules(limits);
    this.random = random;
  }

  /** Whether new conferences are refused from now on; those held go on. */
  public void setDraining(boolean draining) {
    this.draining = draining;
  }

  /**
   * Checks a request against every rule and all that exists. Changes nothing.
   *
   * @throws ControlException with the first fault
   */
  public ConferencePlan plan(ConferenceRequest request) {
    rules.check(request);
    return switch (request.action()) {
      case CREATE -> creation(request);
      case MODIFY -> {
        ConferenceState held = held(request.conferenceId());
        yield plan(request, held, new EndpointPlanner(limits, held).plan(request.endpoints()));
      }
      case EXPIRE -> {
        ConferenceState held = held(request.conferenceId());
        yield plan(
            request,
            held,
            held.endpoints().stream().<EndpointStep>map(EndpointStep.Expired::new).toList());
      }
    };
  }

  /**
   * Takes a plan: all its steps are done. Counts as activity.
   *
   * @throws IllegalStateException when the conference has changed since the plan was made
   */
  public void commit(ConferencePlan plan, long nowNanos) {
    ConferenceState held = conferences.get(plan.conferenceId());
    if (plan.version() != (held == null ? NOT_HELD : held.version())) {
      throw new IllegalStateException(
          "conference %s has changed since the plan was made"
              .formatted(Texts.quoted(plan.conferenceId())));
    }
    if (plan.action() == ConferenceRequest.Action.EXPIRE) {
      conferences.remove(plan.conferenceId());
      return;
    }
    ConferenceState conference =
        conferences.computeIfAbsent(
            plan.conferenceId(), _ -> new ConferenceState(plan.name(), plan.feedback()));
    conference.apply(plan.steps(), ++versions);
    conference.touch(nowNanos);
  }

  /** Says that a conference is alive: media flows in it. Of one that is not held, nothing. */
  public void touch(String conferenceId, long nowNanos) {
    ConferenceState held = conferences.get(conferenceId);
    if (held != null) {
      held.touch(nowNanos);
    }
  }

  /**
   * Drops the conferences that have been idle for {@link #IDLE_NANOS}. To be called once a second
   * or so.
   *
   * @return their ids; whatever else the relay holds of them is to be freed
   */
  public List<String> expireIdle(long nowNanos) {
    List<String> idle = new ArrayList<>();
    conferences
        .entrySet()
        .removeIf(entry -> {
          boolean expires = entry.getValue().idleNanos(nowNanos) >= IDLE_NANOS;
          if (expires) {
            idle.add(entry.getKey());
          }
          return expires;
        });
    return idle;
  }

  /** The ids of all conferences held, in the order in which they came. */
  public List<String> conferenceIds() {
    return List.copyOf(conferences.keySet());
  }

  /** The endpoints of a conference in the order in which they came; none of one not held. */
  public List<EndpointState> endpoints(String conferenceId) {
    ConferenceState held = conferences.get(conferenceId);
    return held == null ? List.of() : List.copyOf(held.endpoints());
  }

  /** The endpoint of a conference that sends under an SSRC, if one does. */
  public Optional<String> ssrcOwner(String conferenceId, long ssrc) {
    return Optional.ofNullable(conferences.get(conferenceId))
        .flatMap(conference -> conference.ssrcOwner(ssrc));
  }

  private ConferencePlan creation(ConferenceRequest request) {
    String id = request.conferenceId();
    if (conferences.containsKey(id)) {
      throw new ControlException(
          ErrorCode.CONFERENCE_EXISTS,
          "conference %s is there already; modify it, or expire it first"
              .formatted(Texts.quoted(id)));
    }
    if (draining) {
      throw new ControlException(
          ErrorCode.DRAINING,
          "the relay is about to stop and takes no new conferences; use another");
    }
    if (conferences.size() >= limits.conferences()) {
      throw new ControlException(
          ErrorCode.LIMIT_CONFERENCES,
          "the relay holds %d conferences, which is its limit; use another"
              .formatted(conferences.size()));
    }
    ConferenceState empty = new ConferenceState(request.name(), NOT_CHOSEN);
    List<EndpointStep> steps = new EndpointPlanner(limits, empty).plan(request.endpoints());
    return new ConferencePlan(
        id, request.action(), request.name(), chooseFeedback(steps), steps, NOT_HELD);
  }

  private static ConferencePlan plan(
      ConferenceRequest request, ConferenceState held, List<EndpointStep> steps) {
    return new ConferencePlan(
        request.conferenceId(),
        request.action(),
        held.name(),
        held.feedback(),
        steps,
        held.version());
  }

  private ConferenceState held(String id) {
    ConferenceState held = conferences.get(id);
    if (held == null) {
      throw new ControlException(
          ErrorCode.CONFERENCE_NOT_FOUND,
          "conference %s is not on this relay; create it".formatted(Texts.quoted(id)));
    }
    return held;
  }

  /** SSRCs that no endpoint of the new conference has. */
  private FeedbackSources chooseFeedback(List<EndpointStep> steps) {
    Set<Long> taken = new HashSet<>();
    taken.add(NOT_CHOSEN.audioSsrc());
    for (EndpointStep step : steps) {
      if (step instanceof EndpointStep.Created(EndpointState endpoint)) {
        endpoint.forEachSentSsrc(taken::add);
        endpoint.forEachSlotSsrc(taken::add);
      }
    }
    return new FeedbackSources(chooseSsrc(taken), chooseSsrc(taken));
  }

  private long chooseSsrc(Set<Long> taken) {
    long ssrc;
    do {
      ssrc = Integer.toUnsignedLong(random.nextInt());
    } while (!taken.add(ssrc));
    return ssrc;
  }
}
