package dev.sotto.signalling.service;

import dev.sotto.signalling.IceService;
import dev.sotto.signalling.TurnCredentialIssuer;
import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.routing.Session;
import dev.sotto.signalling.stream.Namespaces;
import dev.sotto.signalling.stream.StanzaError;
import dev.sotto.signalling.xml.Element;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * External service discovery (XEP-0215): STUN and TURN with credentials made for the asking user.
 * {@code <services/>} lists them, optionally of one type; {@code <credentials/>} asks for those of
 * one host and type.
 */
public final class ExternalServices implements IqHandler {

  private final TurnCredentialIssuer issuer;

  /** Hands out what {@code issuer} makes. */
  public ExternalServices(TurnCredentialIssuer issuer) {
    this.issuer = issuer;
  }

  @Override
  public List<String> features() {
    return List.of(Namespaces.EXTERNAL_SERVICES);
  }

  @Override
  public boolean handles(String type, Element payload, Jid to) {
    return type.equals("get")
        && (payload.is(Namespaces.EXTERNAL_SERVICES, "services")
            || payload.is(Namespaces.EXTERNAL_SERVICES, "credentials"));
  }

  @Override
  public Answer answer(Session sender, String type, Element payload, Jid to) {
    List<Element> services =
        issuer.services(sender.jid().local()).stream().map(ExternalServices::element).toList();
    if (payload.name().equals("services")) {
      Element answer = services(payload.attribute("type"), services);
      return Answer.of(answer);
    }
    Optional<Element> wanted = payload.child(Namespaces.EXTERNAL_SERVICES, "service");
    return wanted.isPresent() ? credentials(wanted.get(), services) : unclear();
  }

  /**
   * Host and type must be said and port may be (XEP-0215 section 3.3); what else the client says of
   * a service, its name for instance, does not tell services apart. All that match are returned.
   */
  private static Answer credentials(Element wanted, List<Element> services) {
    if (wanted.attribute("host").isEmpty() || wanted.attribute("type").isEmpty()) {
      return unclear();
    }
    Element answer = Element.of(Namespaces.EXTERNAL_SERVICES, "credentials");
    for (Element service : services) {
      if (same("host", service, wanted)
          && same("type", service, wanted)
          && (wanted.attribute("port").isEmpty() || same("port", service, wanted))) {
        answer = answer.plus(service);
      }
    }
    return answer.firstElement().isPresent()
        ? Answer.of(answer)
        : new Answer.Failure(
            new StanzaError(StanzaError.Condition.ITEM_NOT_FOUND, "no such service"));
  }

  private static boolean same(String attribute, Element service, Element wanted) {
    return service.attribute(attribute).equals(wanted.attribute(attribute));
  }

  private static Answer unclear() {
    return new Answer.Failure(
        new StanzaError(
            StanzaError.Condition.BAD_REQUEST, "a service is known by its host and type"));
  }

  private static Element services(Optional<String> type, List<Element> services) {
    Element answer = Element.of(Namespaces.EXTERNAL_SERVICES, "services");
    answer = type.isPresent() ? answer.with("type", type.get()) : answer;
    for (Element service : services) {
      if (type.isEmpty() || service.attribute("type").equals(type)) {
        answer = answer.plus(service);
      }
    }
    return answer;
  }

  private static Element element(IceService service) {
    Element element =
        Element.of(
            Namespaces.EXTERNAL_SERVICES,
            "service",
            "type",
            wireName(service.type()),
            "host",
            service.host(),
            "port",
            Integer.toString(service.port()),
            "transport",
            wireName(service.transport()));
    return service
        .credential()
        .map(credential ->
            element
                .with("restricted", "true")
                .with("username", credential.username())
                .with("password", credential.password())
                .with("expires", credential.expires().truncatedTo(ChronoUnit.SECONDS).toString()))
        .orElse(element);
  }

  private static String wireName(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
