package dev.sotto.signalling.service;

import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.routing.IqAnswers;
import dev.sotto.signalling.routing.Session;
import dev.sotto.signalling.service.IqHandler.Answer;
import dev.sotto.signalling.stream.Namespaces;
import dev.sotto.signalling.stream.StanzaError;
import dev.sotto.signalling.stream.StreamError;
import dev.sotto.signalling.xml.Element;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Hands each request to the handler of its protocol. */
public final class IqService implements IqAnswers {

  private final List<IqHandler> handlers;

  /** Adds {@link DiscoInfo}, made from what {@code handlers} and {@code features} say. */
  public IqService(List<IqHandler> handlers, List<String> features) {
    List<String> all = new ArrayList<>(features);
    handlers.forEach(handler -> all.addAll(handler.features()));
    List<IqHandler> complete = new ArrayList<>(handlers);
    complete.add(new DiscoInfo(all));
    this.handlers = List.copyOf(complete);
  }

  @Override
  public void answer(Session sender, Jid to, Element iq) {
    Element payload = iq.firstElement().orElseThrow();
    String type = iq.attribute("type").orElseThrow();
    boolean forServer = to.local().isEmpty();
    if (!forServer && !to.local().equals(sender.jid().local())) {
      // Accounts other than the sender's own answer nothing (RFC 6121 section 8.5.2.1.3).
      sender.send(unavailable("that account answers no requests").answerTo(iq));
      return;
    }
    for (IqHandler handler : handlers) {
      if (handler.handles(type, payload, to)) {
        send(handler.answer(sender, type, payload, to), sender, iq);
        return;
      }
    }
    sender.send(unavailable("no such service").answerTo(iq));
  }

  private static void send(Answer answer, Session sender, Element iq) {
    switch (answer) {
      case Answer.Failure(StanzaError error) -> sender.send(error.answerTo(iq));
      case Answer.Result(Optional<Element> result) -> sender.send(result(iq, result));
      case Answer.Farewell(StreamError error) -> {
        sender.send(result(iq, Optional.empty()));
        sender.terminate(error);
      }
      case Answer.Later(CompletionStage<Answer> later) ->
          later.thenAccept(known -> send(known, sender, iq));
    }
  }

  private static StanzaError unavailable(String text) {
    return new StanzaError(StanzaError.Condition.SERVICE_UNAVAILABLE, text);
  }

  private static Element result(Element iq, Optional<Element> payload) {
    Element result =
        Element.of(
            Namespaces.CLIENT,
            "iq",
            "type",
            "result",
            "id",
            iq.attribute("id").orElseThrow(),
            "to",
            iq.attribute("from").orElseThrow());
    Element addressed = iq.attribute("to").map(to -> result.with("from", to)).orElse(result);
    return payload.map(addressed::plus).orElse(addressed);
  }
}
