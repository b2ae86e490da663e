package dev.sotto.signalling.sasl;

import dev.sotto.signalling.sasl.SaslExchange.Step;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** Says things to an exchange and waits for what comes. */
final class Exchanges {

  private Exchanges() {}

  static Step say(SaslExchange exchange, String message) {
    return say(exchange, message.getBytes(StandardCharsets.UTF_8));
  }

  static Step say(SaslExchange exchange, byte[] message) {
    Step step = exchange.respond(message);
    while (step instanceof Step.Slow(Supplier<Step> work)) {
      step = work.get();
    }
    return step;
  }

  static Step.Challenge challenged(SaslExchange exchange, String message) {
    return (Step.Challenge) say(exchange, message);
  }

  static SaslCondition refused(Step step) {
    return ((Step.Refused) step).condition();
  }
}
