package dev.sotto.relay.colibri;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.relay.control.ConferenceControl;
import dev.sotto.relay.control.ControlException;
import dev.sotto.relay.control.EndpointStep;
import dev.sotto.relay.control.ErrorCode;
import java.util.concurrent.CompletableFuture;
import org.jitsi.xmpp.extensions.colibri2.Colibri2Endpoint;
import org.jitsi.xmpp.extensions.colibri2.Colibri2Error;
import org.jitsi.xmpp.extensions.colibri2.ConferenceModifiedIQ;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.StanzaError;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.jxmpp.jid.Jid;
import org.jxmpp.jid.impl.JidCreate;

@DisplayName("COLIBRI2 over XMPP")
class XmppControlTest {
  private static final Jid FOCUS = JidCreate.fromOrThrowUnchecked("focus@relays.example.org/focus");

  private final TestRelay relay = new TestRelay();

  @Test
  void a_request_is_answered_to_whoever_asked() {
    IQ answer = ask("meeting-id='m' create='true'", "<endpoint id='a' create='true'/>");

    assertThat(answer.getType()).isEqualTo(IQ.Type.result);
    assertThat(answer.getTo().toString()).isEqualTo(FOCUS.toString());
    assertThat(answer.getStanzaId()).isEqualTo("1");
    ConferenceModifiedIQ modified = (ConferenceModifiedIQ) answer;
    assertThat(modified.getEndpoints())
        .singleElement()
        .satisfies(endpoint ->
            assertThat(endpoint.getTransport().getIceUdpTransport().getUfrag())
                .isEqualTo("ufrag1"));
    assertThat(modified.getSources().getMediaSources()).hasSize(2);
  }

  @Test
  void a_get_is_as_good_as_a_set() {
    ControlIq get =
        Stanzas.parseRequest(
            "<iq xmlns='jabber:client' type='get' id='1' from='"
                + FOCUS
                + "'><conference-modify xmlns='jitsi:colibri2' meeting-id='m' create='1'/></iq>");
    assertThat(handle(relay, get).getType()).as("create is true or false").isEqualTo(IQ.Type.error);

    assertThat(ask("meeting-id='m' create='true'", "").getType()).isEqualTo(IQ.Type.result);
  }

  @Test
  void only_the_focus_may_command() {
    for (String from : new String[] {"from='focus@elsewhere.example.org/focus'", ""}) {
      ControlIq iq =
          Stanzas.parseRequest(
              "<iq xmlns='jabber:client' type='set' id='1' %s>".formatted(from)
                  + "<conference-modify xmlns='jitsi:colibri2' meeting-id='m' create='true'/></iq>");

      assertThat(handle(relay, iq).getError().getCondition())
          .isEqualTo(StanzaError.Condition.forbidden);
    }
    assertThat(relay.plans).isEmpty();
  }

  @Test
  void a_refusal_has_condition_reason_code_and_text() {
    StanzaError error = ask("meeting-id='m'", "").getError();

    assertThat(error.getCondition()).isEqualTo(StanzaError.Condition.item_not_found);
    assertThat(reason(error)).isEqualTo(Colibri2Error.Reason.CONFERENCE_NOT_FOUND);
    assertThat(code(error)).isEqualTo("CONFERENCE_NOT_FOUND");
    assertThat(error.getDescriptiveText()).contains("'m'");
  }

  @Test
  void an_endpoint_that_is_not_there_is_named_as_jitsis_focus_expects_it() {
    ask("meeting-id='m' create='true'", "");
    StanzaError error = ask("meeting-id='m'", "<endpoint id='x'/>").getError();

    assertThat(reason(error)).isEqualTo(Colibri2Error.Reason.UNKNOWN_ENDPOINT);
    Colibri2Endpoint endpoint = error.getExtension("endpoint", "jitsi:colibri2");
    assertThat(endpoint.getId()).isEqualTo("x");
  }

  @Test
  void jitsis_focus_learns_that_a_relay_drains_or_holds_the_conference_already() {
    ask("meeting-id='m' create='true'", "");
    relay.directory.setDraining(true);

    StanzaError exists = ask("meeting-id='m' create='true'", "").getError();
    assertThat(exists.getCondition()).isEqualTo(StanzaError.Condition.conflict);
    assertThat(reason(exists)).isEqualTo(Colibri2Error.Reason.CONFERENCE_ALREADY_EXISTS);
    StanzaError draining = ask("meeting-id='n' create='true'", "").getError();
    assertThat(draining.getCondition()).isEqualTo(StanzaError.Condition.service_unavailable);
    assertThat(reason(draining)).isEqualTo(Colibri2Error.Reason.GRACEFUL_SHUTDOWN);
  }

  @Test
  void an_ice_restart_is_answered_with_new_credentials() {
    ask("meeting-id='m' create='true'", "<endpoint id='a' create='true'/>");

    ConferenceModifiedIQ answer =
        (ConferenceModifiedIQ)
            ask("meeting-id='m'", "<endpoint id='a'><transport ice-restart='true'/></endpoint>");

    assertThat(answer.getEndpoints().getFirst().getTransport().getIceUdpTransport().getUfrag())
        .isEqualTo("ufrag2");
    assertThat(answer.getSources()).isNull();
    assertThat(relay.plans.getLast().steps().getFirst())
        .isInstanceOfSatisfying(
            EndpointStep.Modified.class, step -> assertThat(step.iceRestart()).isTrue());
  }

  @Test
  void a_relay_that_fails_says_so_and_tells_no_secrets() {
    ConferenceControl broken = _ -> CompletableFuture.failedStage(new Exception("secret"));
    IQ answer = handle(broken, Stanzas.parseRequest("meeting-id='m'", ""));

    assertThat(answer.getError().getCondition())
        .isEqualTo(StanzaError.Condition.internal_server_error);
    assertThat(answer.toXML().toString()).doesNotContain("secret");
  }

  @Test
  void a_refusal_that_comes_late_is_the_same_refusal() {
    ControlException refusal = new ControlException(ErrorCode.LIMIT_ENDPOINTS, "full");
    ConferenceControl late =
        _ ->
            CompletableFuture.supplyAsync(
                () -> {
                  throw refusal;
                },
                Runnable::run);

    StanzaError error = handle(late, Stanzas.parseRequest("meeting-id='m'", "")).getError();

    assertThat(error.getCondition()).isEqualTo(StanzaError.Condition.resource_constraint);
    assertThat(code(error)).isEqualTo("LIMIT_ENDPOINTS");
  }

  private IQ ask(String attributes, String children) {
    return handle(relay, Stanzas.parseRequest(attributes, children));
  }

  private static IQ handle(ConferenceControl control, ControlIq iq) {
    return new XmppControl(control, FOCUS::equals).handle(iq).toCompletableFuture().join();
  }

  private static Colibri2Error.Reason reason(StanzaError error) {
    Colibri2Error element = error.getExtension("error", "jitsi:colibri2");
    return element.getReason();
  }

  private static String code(StanzaError error) {
    SottoElement element = error.getExtension("code", "urn:sotto:colibri:0");
    return element.getText();
  }
}
