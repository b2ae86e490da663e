package dev.sotto.signalling.service;

import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.routing.Session;
import dev.sotto.signalling.stream.StanzaError;
import dev.sotto.signalling.stream.StreamError;
import dev.sotto.signalling.xml.Element;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Answers the requests of one protocol. Called on the asking client's loop; must not block. */
public interface IqHandler {

  /** What the protocol adds to disco#info (XEP-0030). */
  List<String> features();

  /** Whether this request is for it; {@code to} is the server or the asking user's account. */
  boolean handles(String type, Element payload, Jid to);

  /** The answer to a request of {@code type} {@code get} or {@code set}. */
  Answer answer(Session sender, String type, Element payload, Jid to);

  /** A result, or an error. */
  sealed interface Answer {

    /** {@code type='result'}, with or without a payload. */
    record Result(Optional<Element> payload) implements Answer {}

    /** {@code type='error'}. */
    record Failure(StanzaError error) implements Answer {}

    /** An empty result, then the end of the stream. */
    record Farewell(StreamError error) implements Answer {}

    /** One of the others, from any thread, once it is known; must not fail. */
    record Later(CompletionStage<Answer> answer) implements Answer {}

    /** A result with a payload. */
    static Answer of(Element payload) {
      return new Result(Optional.of(payload));
    }

    /** An empty result. */
    static Answer done() {
      return new Result(Optional.empty());
    }
  }
}
