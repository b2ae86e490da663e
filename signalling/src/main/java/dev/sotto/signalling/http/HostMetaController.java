package dev.sotto.signalling.http;

import dev.sotto.signalling.transport.WebSocketUpgrade;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import java.util.regex.Pattern;

/** Where the WebSocket is, for XMPP clients that are told only a domain (XEP-0156 section 4). */
@Controller("/.well-known")
final class HostMetaController {

  private static final String RELATION = "urn:xmpp:alt-connections:websocket";

  /** Nothing that XML or JSON would have to escape. */
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:\\[\\]-]{1,300}");

  /** The JSON form of host-meta (RFC 6415). */
  @Serdeable
  record HostMeta(List<Link> links) {}

  /** One way in. */
  @Serdeable
  record Link(String rel, String href) {}

  @Get("/host-meta.json")
  HttpResponse<HostMeta> json(HttpRequest<?> request) {
    return HttpResponse.ok(new HostMeta(List.of(new Link(RELATION, webSocketUrl(request)))))
        .header(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
  }

  @Get("/host-meta")
  @Produces("application/xrd+xml")
  HttpResponse<String> xml(HttpRequest<?> request) {
    String document =
        "<?xml version='1.0' encoding='utf-8'?>"
            + "<XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'>"
            + ("<Link rel='" + RELATION + "' href='" + webSocketUrl(request) + "'/></XRD>");
    return HttpResponse.ok(document)
        .contentType(MediaType.of("application/xrd+xml"))
        .header(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
  }

  /** The address that the client used, as itself or its proxy says: the same host has /xmpp. */
  private static String webSocketUrl(HttpRequest<?> request) {
    HttpHeaders headers = request.getHeaders();
    boolean secure =
        request.isSecure()
            || headers.findFirst("X-Forwarded-Proto").filter("https"::equals).isPresent();
    String host =
        headers
            .findFirst(HttpHeaders.HOST)
            .filter(name -> HOST.matcher(name).matches())
            .orElse("localhost");
    return (secure ? "wss://" : "ws://") + host + WebSocketUpgrade.PATH;
  }
}
