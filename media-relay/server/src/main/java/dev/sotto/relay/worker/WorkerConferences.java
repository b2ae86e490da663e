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
import dev.sotto.relay.control.ControlLimits;
import dev.sotto.relay.control.DtlsSetup;
import dev.sotto.relay.control.EndpointState;
import dev.sotto.relay.control.EndpointStep;
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
  private final List<Candidate> candidates;
  private final ConferenceListener listener;
  private final Map<String, Conference> conferences = new HashMap<>();
  private Consumer<String> onGone = _ -> {};

  WorkerConferences(
      ConferenceContext context,
      ControlLimits limits,
      CertificateSource certificates,
      List<LocalCandidate> candidates,
      ConferenceListener listener) {
    this.context = context;
    this.certificates = certificates;
    this.candidates = candidates.stream().map(WorkerConferences::candidate).toList();
    this.listener = listener;
    directory = new ConferenceDirectory(limits, context.random());
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
    int load = conferences.size();
    for (Conference conference : conferences.values()) {
      load += conference.size();
    }
    return load;
  }

  /**
   * Carries a request out.
   *
   * @throws dev.sotto.relay.control.ControlException when it is refused; nothing has changed then
   */
  ConferenceAnswer apply(ConferenceRequest request, long nowNanos) {
    ConferencePlan plan = directory.plan(request);
    directory.commit(plan, nowNanos);
    if (plan.action() == ConferenceRequest.Action.EXPIRE) {
      Conference ended = conferences.remove(plan.conferenceId());
      ended.close();
      return new ConferenceAnswer(
          plan.conferenceId(),
          plan.steps().stream()
              .map(step -> new EndpointAnswer(step.endpointId(), true, Optional.empty()))
              .toList(),
          Optional.empty());
    }
    Conference conference =
        conferences.computeIfAbsent(
            plan.conferenceId(),
            id -> new Conference(id, plan.feedback(), context, listener, nowNanos));
    List<EndpointAnswer> answers = new ArrayList<>();
    boolean created = plan.action() == ConferenceRequest.Action.CREATE;
    try {
      for (EndpointStep step : plan.steps()) {
        created |= step instanceof EndpointStep.Created;
        answers.add(carryOut(conference, step, nowNanos));
      }
    } catch (RuntimeException e) {
      // Half a request is worse than no conference: whoever steers it makes it anew.
      abandon(plan.conferenceId(), nowNanos);
      throw e;
    }
    return new ConferenceAnswer(
        plan.conferenceId(), answers, created ? Optional.of(plan.feedback()) : Optional.empty());
  }

  private void abandon(String conferenceId, long nowNanos) {
    conferences.remove(conferenceId).close();
    directory.commit(
        directory.plan(
            new ConferenceRequest(
                conferenceId, ConferenceRequest.Action.EXPIRE, Optional.empty(), List.of())),
        nowNanos);
  }

  private EndpointAnswer carryOut(Conference conference, EndpointStep step, long nowNanos) {
    return switch (step) {
      case EndpointStep.Created(EndpointState now) -> {
        EndpointTransport transport = conference.add(now, certificates.current(), nowNanos);
        var _ = tell(transport, now.transport());
        yield new EndpointAnswer(now.id(), false, Optional.of(local(transport)));
      }
      case EndpointStep.Modified(EndpointState _, EndpointState now, boolean iceRestart) -> {
        EndpointTransport transport = conference.change(now, nowNanos);
        boolean restarted = tell(transport, now.transport());
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
  private static boolean tell(EndpointTransport transport, RemoteTransport remote) {
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
    if (!remote.fingerprints().isEmpty()) {
      transport.setRemoteFingerprints(
          remote.fingerprints().stream()
              .map(print -> dev.sotto.media.dtls.Fingerprint.parse(print.hash(), print.value()))
              .toList(),
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

  /** Drops what nobody uses or asks for any more. */
  void expireIdle(long nowNanos) {
    conferences
        .values()
        .forEach(conference -> directory.touch(conference.id(), conference.lastMediaNanos()));
    for (String id : directory.expireIdle(nowNanos)) {
      conferences.remove(id).close();
      onGone.accept(id);
    }
  }

  Optional<ConferenceReport> report(String conferenceId) {
    return Optional.ofNullable(conferences.get(conferenceId)).map(Conference::report);
  }

  void close() {
    conferences.values().forEach(Conference::close);
    conferences.clear();
  }
}
