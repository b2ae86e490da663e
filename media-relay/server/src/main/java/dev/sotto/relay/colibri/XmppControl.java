package dev.sotto.relay.colibri;

import dev.sotto.relay.control.ConferenceControl;
import dev.sotto.relay.control.ControlException;
import dev.sotto.relay.control.ErrorCode;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jitsi.xmpp.extensions.colibri2.ConferenceModifiedIQ;
import org.jivesoftware.smack.packet.IQ;
import org.jxmpp.jid.Jid;

/**
 * COLIBRI2 as stanzas: a conference-modify in, a conference-modified or an error out. The stanzas
 * are those that {@link ControlIqProvider} has read.
 */
public final class XmppControl {
  private final ConferenceControl control;
  private final Predicate<Jid> isFocus;

  /**
   * @param isFocus who may command the relay; all others are told that it is forbidden
   */
  public XmppControl(ConferenceControl control, Predicate<Jid> isFocus) {
    this.control = control;
    this.isFocus = isFocus;
  }

  /** Carries a request out, a get or a set. The stage always ends with the stanza to send back. */
  public CompletionStage<IQ> handle(ControlIq iq) {
    return Outcome.of(
        () -> {
          if (iq.getFrom() == null || !isFocus.test(iq.getFrom())) {
            throw new ControlException(
                ErrorCode.FORBIDDEN, "only the focus that this relay serves may command it");
          }
          return iq.request();
        },
        control,
        answer ->
            AnswerWriter.write(
                answer,
                ConferenceModifiedIQ.builder(ConferenceModifiedIQ.Builder.createResponse(iq))),
        refusal -> IQ.createErrorResponse(iq, ColibriErrors.stanzaError(refusal)));
  }
}
