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
 * {@code <services/>} lists them, optionally of one type; {@code <credentials/>} asks for one.
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
  public Answer answer(Session sender, Element payload, Jid to) {
    List<Element> services =
        issuer.services(sender.jid().local()).stream().map(ExternalServices::element).toList();
    if (payload.name().equals("services")) {
      Element answer = services(payload.attribute("type"), services);
      return Answer.of(answer);
    }
    Optional<Element> wanted =
        payload.child(Namespaces.EXTERNAL_SERVICES, "service").map(ExternalServices::unspecific);
    Optional<Element> found =
        wanted.flatMap(
            query -> services.stream().filter(service -> matches(service, query)).findFirst());
    return found
        .map(service ->
            Answer.of(Element.of(Namespaces.EXTERNAL_SERVICES, "credentials").plus(service)))
        .orElseGet(() ->
            new Answer.Failure(
                new StanzaError(StanzaError.Condition.ITEM_NOT_FOUND, "no such service")));
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

  /** Only host, type and port say which service is meant (XEP-0215 section 3.3). */
  private static Element unspecific(Element query) {
    return query.without("transport").without("username").without("password");
  }

  private static boolean matches(Element service, Element query) {
    return query.attributes().stream().allMatch(wanted -> service.attributes().contains(wanted));
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
