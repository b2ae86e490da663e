package dev.sotto.relay.link;

import dev.sotto.relay.colibri.ControlIq;
import dev.sotto.relay.colibri.SottoElement;
import dev.sotto.relay.colibri.XmppControl;
import dev.sotto.relay.control.ConferenceControl;
import dev.sotto.relay.control.ConferenceRequest;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jitsi.xmpp.extensions.colibri2.ConferenceModifyIQ;
import org.jitsi.xmpp.extensions.jingle.DtlsFingerprintPacketExtension;
import org.jitsi.xmpp.extensions.jingle.IceUdpTransportPacketExtension;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.StanzaError;
import org.jivesoftware.smackx.disco.packet.DiscoverInfo;
import org.jivesoftware.smackx.ping.packet.Ping;
import org.jxmpp.jid.Jid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers every request that reaches the relay: commands by way of {@link XmppControl}, and what it
 * is and holds. Whoever is neither the focus nor the relay's own server is told that it is
 * forbidden, whatever it asks.
 */
final class RequestDesk {
  private static final Logger LOG = LoggerFactory.getLogger(RequestDesk.class);

  /** Of COLIBRI2 and of what is in it, as Jitsi's bridge has them; then Sotto's own. */
  static final List<String> FEATURES =
      List.of(
          DiscoverInfo.NAMESPACE,
          Ping.NAMESPACE,
          ConferenceModifyIQ.NAMESPACE,
          IceUdpTransportPacketExtension.NAMESPACE,
          DtlsFingerprintPacketExtension.NAMESPACE,
          SottoElement.NAMESPACE);

  private final LinkSettings settings;
  private final XmppControl control;
  private final Supplier<Collection<String>> conferenceIds;
  private final EventOutbox outbox;
  private final Runnable onEvents;

  /**
   * @param conferenceIds of all conferences held
   * @param outbox learns whom to tell of a conference
   * @param onEvents called when it may have something to send
   */
  RequestDesk(
      LinkSettings settings,
      ConferenceControl control,
      Supplier<Collection<String>> conferenceIds,
      EventOutbox outbox,
      Runnable onEvents) {
    this.settings = settings;
    this.control = new XmppControl(control, this::isFocus);
    this.conferenceIds = conferenceIds;
    this.outbox = outbox;
    this.onEvents = onEvents;
  }

  boolean isFocus(Jid jid) {
    return jid != null && settings.focuses().contains(jid.asBareJid());
  }

  /** Whether whoever this is may ask anything at all. */
  boolean serves(Jid jid) {
    return isFocus(jid) || isOwnServer(jid);
  }

  /**
   * Answers a request, now or later, on any thread. At once and without blocking, when it does not
   * serve who asks.
   */
  void handle(IQ request, Consumer<IQ> onAnswer) {
    if (request instanceof ControlIq command) {
      control
          .handle(command)
          .thenAccept(answer -> {
            // First the answer: events of a conference that it has not yet is nothing to a focus.
            onAnswer.accept(answer);
            if (answer.getType() == IQ.Type.result) {
              done(command.request(), command.getFrom());
            }
          });
    } else if (serves(request.getFrom())) {
      onAnswer.accept(answerOrFailure(request));
    } else {
      onAnswer.accept(error(request, StanzaError.Condition.forbidden));
    }
  }

  /** Says that there are too many requests before this one. */
  static IQ tooMany(IQ request) {
    return IQ.createErrorResponse(
        request,
        StanzaError.getBuilder(StanzaError.Condition.resource_constraint)
            .setType(StanzaError.Type.WAIT)
            .build());
  }

  /** Who commands a conference is told of it: its creator, then whoever has adopted it. */
  private void done(ConferenceRequest request, Jid focus) {
    if (request.action() == ConferenceRequest.Action.EXPIRE) {
      outbox.conferenceEnded(request.conferenceId());
    } else {
      outbox.address(request.conferenceId(), focus);
      onEvents.run();
    }
  }

  private IQ answerOrFailure(IQ request) {
    try {
      return answer(request);
    } catch (RuntimeException e) {
      LOG.error("The relay could not answer the focus", e);
      return error(request, StanzaError.Condition.internal_server_error);
    }
  }

  private IQ answer(IQ request) {
    return switch (request) {
      case DiscoverInfo info when info.getType() == IQ.Type.get -> features(info);
      case Ping ping when ping.getType() == IQ.Type.get -> ping.getPong();
      case ConferenceListIq list when list.getType() == IQ.Type.get && isFocus(list.getFrom()) ->
          list.answer(ConferencePage.of(conferenceIds.get(), list.after()));
      default -> error(request, StanzaError.Condition.service_unavailable);
    };
  }

  private static IQ features(DiscoverInfo request) {
    if (request.getNode() != null) {
      return error(request, StanzaError.Condition.item_not_found);
    }
    return DiscoverInfo.builder(request.getStanzaId())
        .ofType(IQ.Type.result)
        .to(request.getFrom())
        .from(request.getTo())
        .addIdentity(new DiscoverInfo.Identity("component", "Sotto relay", "generic"))
        .addFeatures(FEATURES)
        .build();
  }

  private boolean isOwnServer(Jid jid) {
    return jid == null
        || jid.equals(settings.self().asDomainBareJid())
        || jid.equals(settings.self().asEntityBareJid());
  }

  private static IQ error(IQ request, StanzaError.Condition condition) {
    return IQ.createErrorResponse(request, condition);
  }
}
