package dev.sotto.relay.colibri;

import dev.sotto.relay.control.Candidate;
import dev.sotto.relay.control.ConferenceAnswer;
import dev.sotto.relay.control.ConferenceAnswer.EndpointAnswer;
import dev.sotto.relay.control.ConferenceControl;
import dev.sotto.relay.control.ConferenceDirectory;
import dev.sotto.relay.control.ConferencePlan;
import dev.sotto.relay.control.ConferenceRequest;
import dev.sotto.relay.control.ControlException;
import dev.sotto.relay.control.ControlLimits;
import dev.sotto.relay.control.DtlsSetup;
import dev.sotto.relay.control.EndpointStep;
import dev.sotto.relay.control.Fingerprint;
import dev.sotto.relay.control.IceCredentials;
import dev.sotto.relay.control.LocalTransport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A relay without media: its directory is real, its transports are counted. */
public final class TestRelay implements ConferenceControl {
  private static final Fingerprint FINGERPRINT =
      new Fingerprint(
          "sha-256",
          "2E:CC:85:71:32:5B:B5:60:64:C8:F6:7B:6D:45:D4:34"
              + ":2B:51:A0:06:B5:EA:2F:84:BC:7B:64:1F:A3:0A:69:23");

  private static final Candidate MAPPED =
      new Candidate(
          "1",
          1_694_498_815,
          "198.51.100.7",
          10_000,
          Candidate.Type.SRFLX,
          Optional.of(new Candidate.Related("10.0.0.7", 10_000)));

  public final ConferenceDirectory directory =
      new ConferenceDirectory(ControlLimits.DEFAULT, new Random(7));

  final List<ConferencePlan> plans = new ArrayList<>();
  private int transports;

  @Override
  public CompletionStage<ConferenceAnswer> apply(ConferenceRequest request) {
    try {
      return CompletableFuture.completedStage(answer(request));
    } catch (ControlException refusal) {
      return CompletableFuture.failedStage(refusal);
    }
  }

  private ConferenceAnswer answer(ConferenceRequest request) {
    ConferencePlan plan = directory.plan(request);
    List<EndpointAnswer> endpoints = new ArrayList<>();
    boolean creates = request.action() == ConferenceRequest.Action.CREATE;
    if (request.action() != ConferenceRequest.Action.EXPIRE) {
      for (EndpointStep step : plan.steps()) {
        endpoints.add(answer(step));
        creates |= step instanceof EndpointStep.Created;
      }
    }
    directory.commit(plan, 0);
    plans.add(plan);
    return new ConferenceAnswer(
        plan.conferenceId(), endpoints, creates ? Optional.of(plan.feedback()) : Optional.empty());
  }

  private EndpointAnswer answer(EndpointStep step) {
    String id = step.endpointId();
    return switch (step) {
      case EndpointStep.Created _ -> new EndpointAnswer(id, false, Optional.of(transport()));
      case EndpointStep.Modified modified ->
          new EndpointAnswer(
              id, false, modified.iceRestart() ? Optional.of(transport()) : Optional.empty());
      case EndpointStep.Expired _, EndpointStep.Absent _ ->
          new EndpointAnswer(id, true, Optional.empty());
    };
  }

  private LocalTransport transport() {
    transports++;
    return new LocalTransport(
        new IceCredentials("ufrag" + transports, "passwordOfThisTransport" + transports),
        DtlsSetup.ACTPASS,
        List.of(FINGERPRINT),
        List.of(MAPPED));
  }
}
