package dev.sotto.signalling.http;

import dev.sotto.signalling.transport.WebSocketUpgrade;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.server.util.HttpHostResolver;
import io.micronaut.serde.annotation.Serdeable;
import java.net.URI;
import java.util.List;

/** Where the WebSocket is, for XMPP clients that are told only a domain (XEP-0156 section 4). */
@Controller("/.well-known")
final class HostMetaController {

  private static final String RELATION = "urn:xmpp:alt-connections:websocket";

  private final HttpHostResolver hosts;

  HostMetaController(HttpHostResolver hosts) {
    this.hosts = hosts;
  }

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

  private String webSocketUrl(HttpRequest<?> request) {
    // Only the authority of what the resolver says: it takes the scheme from the server, not the
    // listener.
    String authority = URI.create(hosts.resolve(request)).getAuthority();
    String url = (request.isSecure() ? "wss://" : "ws://") + authority + WebSocketUpgrade.PATH;
    return url.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&apos;");
  }
}
