package dev.sotto.relay.worker;

import dev.sotto.media.dtls.CertificateSource;
import dev.sotto.media.dtls.DtlsRole;
import dev.sotto.media.ice.CandidateType;
import dev.sotto.media.ice.LocalCandidate;
import dev.sotto.relay.conference.Conference;
import dev.sotto.relay.conference.ConferenceContext;
import dev.sotto.relay.conference.ConferenceListener;
import dev.sotto.relay.conference.ConferenceReport;
import dev.sotto.relay.control.Candidate;
import dev.sotto.relay.control.ConferenceAnswer;
import dev.sotto.relay.control.ConferenceAnswer.EndpointAnswer;
import dev.sotto.relay.control.ConferenceDirectory;
import dev.sotto.relay.control.ConferencePlan;
import dev.sotto.relay.control.ConferenceRequest;
import dev.sotto.relay.control.ControlException;
import dev.sotto.relay.control.ControlLimits;
import dev.sotto.relay.control.DtlsSetup;
import dev.sotto.relay.control.EndpointState;
import dev.sotto.relay.control.EndpointStep;
import dev.sotto.relay.control.ErrorCode;
import dev.sotto.relay.control.Fingerprint;
import dev.sotto.relay.control.IceCredentials;
import dev.sotto.relay.control.LocalTransport;
import dev.sotto.relay.control.RemoteTransport;
import dev.sotto.relay.transport.EndpointTransport;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The conferences of one worker: makes of requests what the directory allows, and keeps media and
 * directory in step. On the worker's loop only, so a request takes effect between two packets.
 */
final class WorkerConferences {
  private final ConferenceContext context;
  private final ConferenceDirectory directory;
  private final CertificateSource certificates;
  private List<Candidate> candidates;
  private final ConferenceListener listener;
  private final Map<String, Conference> conferences = new HashMap<>();

  /** Counted when it changes: it is asked for after each batch of packets. */
  private int load;

  private boolean closed;
  private Consumer<String> onGone = _ -> {};

  WorkerConferences(
      ConferenceContext context,
      ControlLimits limits,
      CertificateSource certificates,
      List<LocalCandidate> candidates,
      ConferenceListener listener) {
    this.context = context;
    this.certificates = certificates;
    setCandidates(candidates);
    this.listener = listener;
    directory = new ConferenceDirectory(limits, context.random());
  }

  /** Where endpoints that are made, or restart ICE, from now on are told to send to. */
  void setCandidates(List<LocalCandidate> newCandidates) {
    candidates = newCandidates.stream().map(WorkerConferences::candidate).toList();
  }

  private static Candidate candidate(LocalCandidate local) {
    return new Candidate(
        local.foundation(),
        local.priority(),
        local.address().getAddress().getHostAddress(),
        local.address().getPort(),
        local.type() == CandidateType.HOST ? Candidate.Type.HOST : Candidate.Type.SRFLX,
        local.related().map(WorkerConferences::related));
  }

  private static Candidate.Related related(InetSocketAddress address) {
    return new Candidate.Related(address.getAddress().getHostAddress(), address.getPort());
  }

  /** Who is to hear of conferences that have expired by themselves. */
  void onGone(Consumer<String> consumer) {
    onGone = consumer;
  }

  void setDraining() {
    directory.setDraining(true);
  }

  boolean holds(String conferenceId) {
    return conferences.containsKey(conferenceId);
  }

  boolean isEmpty() {
    return conferences.isEmpty();
  }

  /** A conference weighs as one endpoint, so that empty ones spread too. */
  int load() {
    return load;
  }

  /**
   * Carries a request out.
   *
   * @throws ControlException when it is refused; nothing has changed then
   */
  ConferenceAnswer apply(ConferenceRequest request, long nowNanos) {
    if (closed) {
      throw new ControlException(ErrorCode.DRAINING, "the relay has stopped; use another");
    }
    ConferencePlan plan = directory.plan(request);
    Map<String, List<dev.sotto.media.dtls.Fingerprint>> fingerprints = fingerprints(plan);
    directory.commit(plan, nowNanos);
    if (plan.action() == ConferenceRequest.Action.EXPIRE) {
      return expire(plan);
    }
    Optional<Conference> held = Optional.ofNullable(conferences.get(plan.conferenceId()));
    int before = held.map(Conference::size).orElse(-1);
    Conference conference = held.orElseGet(() -> open(plan, nowNanos));
    List<EndpointAnswer> answers = new ArrayList<>();
    boolean created = plan.action() == ConferenceRequest.Action.CREATE;
    try {
      for (EndpointStep step : plan.steps()) {
        created |= step instanceof EndpointStep.Created;
        answers.add(carryOut(conference, step, fingerprints, nowNanos));
      }
    } catch (RuntimeException e) {
      // Half a request is worse than no conference: whoever steers it makes it anew.
      abandon(plan.conferenceId(), before, nowNanos);
      throw e;
    }
    load += conference.size() - before;
    return new ConferenceAnswer(
        plan.conferenceId(), answers, created ? Optional.of(plan.feedback()) : Optional.empty());
  }

  private Conference open(ConferencePlan plan, long nowNanos) {
    Conference made =
        new Conference(plan.conferenceId(), plan.feedback(), context, listener, nowNanos);
    conferences.put(plan.conferenceId(), made);
    return made;
  }

  private ConferenceAnswer expire(ConferencePlan plan) {
    Conference ended = conferences.remove(plan.conferenceId());
    load -= 1 + ended.size();
    ended.close();
    return new ConferenceAnswer(
        plan.conferenceId(),
        plan.steps().stream()
            .map(step -> new EndpointAnswer(step.endpointId(), true, Optional.empty()))
            .toList(),
        Optional.empty());
  }

  /** Reads the fingerprints of each endpoint while the request can still be refused. */
  private static Map<String, List<dev.sotto.media.dtls.Fingerprint>> fingerprints(
      ConferencePlan plan) {
    Map<String, List<dev.sotto.media.dtls.Fingerprint>> read = new HashMap<>();
    for (EndpointStep step : plan.steps()) {
      switch (step) {
        case EndpointStep.Created(EndpointState now) -> read.put(now.id(), fingerprints(now));
        case EndpointStep.Modified(EndpointState _, EndpointState now, boolean _) ->
            read.put(now.id(), fingerprints(now));
        case EndpointStep.Expired _, EndpointStep.Absent _ -> {}
      }
    }
    return read;
  }

  private static List<dev.sotto.media.dtls.Fingerprint> fingerprints(EndpointState endpoint) {
    try {
      return endpoint.transport().fingerprints().stream()
          .map(print -> dev.sotto.media.dtls.Fingerprint.parse(print.hash(), print.value()))
          .toList();
    } catch (IllegalArgumentException e) {
      throw new ControlException(
          ErrorCode.BAD_REQUEST, endpoint.id(), "a fingerprint cannot be read: " + e.getMessage());
    }
  }

  /**
   * @param before what the conference weighed when it was last counted
   */
  private void abandon(String conferenceId, int before, long nowNanos) {
    conferences.remove(conferenceId).close();
    load -= 1 + before;
    directory.commit(
        directory.plan(
            new ConferenceRequest(
                conferenceId, ConferenceRequest.Action.EXPIRE, Optional.empty(), List.of())),
        nowNanos);
  }

  private EndpointAnswer carryOut(
      Conference conference,
      EndpointStep step,
      Map<String, List<dev.sotto.media.dtls.Fingerprint>> fingerprints,
      long nowNanos) {
    return switch (step) {
      case EndpointStep.Created(EndpointState now) -> {
        EndpointTransport transport = conference.add(now, certificates.current(), nowNanos);
        var _ = tell(transport, now.transport(), fingerprints.get(now.id()));
        yield new EndpointAnswer(now.id(), false, Optional.of(local(transport)));
      }
      case EndpointStep.Modified(EndpointState _, EndpointState now, boolean iceRestart) -> {
        EndpointTransport transport = conference.change(now, nowNanos);
        boolean restarted = tell(transport, now.transport(), fingerprints.get(now.id()));
        if (!restarted && iceRestart) {
          var _ = transport.restartIce();
        }
        yield new EndpointAnswer(
            now.id(),
            false,
            restarted || iceRestart ? Optional.of(local(transport)) : Optional.empty());
      }
      case EndpointStep.Expired(EndpointState before) -> {
        conference.remove(before.id(), nowNanos);
        yield new EndpointAnswer(before.id(), true, Optional.empty());
      }
      case EndpointStep.Absent(String endpointId) ->
          new EndpointAnswer(endpointId, true, Optional.empty());
    };
  }

  /** Tells the transport of the endpoint's side; whether that made new local credentials. */
  private static boolean tell(
      EndpointTransport transport,
      RemoteTransport remote,
      List<dev.sotto.media.dtls.Fingerprint> fingerprints) {
    boolean restart =
        remote
            .credentials()
            .map(credentials ->
                transport.setRemoteCredentials(
                    new dev.sotto.media.ice.IceCredentials(
                        credentials.ufrag(), credentials.password())))
            .orElse(false);
    if (restart) {
      var _ = transport.restartIce();
    }
    if (!fingerprints.isEmpty()) {
      transport.setRemoteFingerprints(
          fingerprints,
          remote.setup().map(WorkerConferences::roleAgainst).orElse(DtlsRole.PASSIVE));
    }
    return restart;
  }

  private static DtlsRole roleAgainst(DtlsSetup setup) {
    return setup == DtlsSetup.PASSIVE ? DtlsRole.ACTIVE : DtlsRole.PASSIVE;
  }

  private LocalTransport local(EndpointTransport transport) {
    dev.sotto.media.ice.IceCredentials credentials = transport.localCredentials();
    dev.sotto.media.dtls.Fingerprint print = transport.certificate().fingerprint();
    return new LocalTransport(
        new IceCredentials(credentials.ufrag(), credentials.password()),
        transport.isRoleSettled()
            ? transport.role() == DtlsRole.ACTIVE ? DtlsSetup.ACTIVE : DtlsSetup.PASSIVE
            : DtlsSetup.ACTPASS,
        List.of(new Fingerprint(print.hash().token(), print.value())),
        candidates);
  }

  /**
   * To be called each second: lets addresses and consent run out, also of endpoints that have
   * nothing else to do, and drops the conferences that nobody uses or asks for any more.
   */
  void onTimer(long nowNanos) {
    for (Conference conference : conferences.values()) {
      if (isInUse(conference, nowNanos)) {
        directory.touch(conference.id(), nowNanos);
      }
    }
    for (String id : directory.expireIdle(nowNanos)) {
      Conference ended = conferences.remove(id);
      load -= 1 + ended.size();
      ended.close();
      onGone.accept(id);
    }
  }

  /** Who is connected may be silent: people wait for each other, and mute themselves. */
  private boolean isInUse(Conference conference, long nowNanos) {
    boolean connected = false;
    for (EndpointState endpoint : directory.endpoints(conference.id())) {
      Optional<EndpointTransport> transport = conference.transport(endpoint.id());
      transport.ifPresent(its -> its.onTimer(nowNanos));
      connected |= transport.filter(its -> its.isWritable(nowNanos)).isPresent();
    }
    return connected;
  }

  Optional<ConferenceReport> report(String conferenceId) {
    return Optional.ofNullable(conferences.get(conferenceId)).map(Conference::report);
  }

  /** Ends all conferences; what is asked for afterwards is refused. */
  void close() {
    closed = true;
    conferences.values().forEach(Conference::close);
    conferences.clear();
    load = 0;
  }
}
