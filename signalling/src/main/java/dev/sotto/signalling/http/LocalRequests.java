package dev.sotto.signalling.http;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import java.net.URI;
import java.util.Optional;

/**
 * Whether a request was made by a person at this machine: from a loopback address, to a loopback
 * name (a foreign name that resolves here is DNS rebinding), and not from another site's page.
 */
final class LocalRequests {

  private LocalRequests() {}

  static boolean isLocal(HttpRequest<?> request) {
    Optional<String> host = request.getHeaders().findFirst(HttpHeaders.HOST);
    Optional<String> origin = request.getHeaders().findFirst(HttpHeaders.ORIGIN);
    return request.getRemoteAddress().getAddress().isLoopbackAddress()
        && request.getHeaders().findFirst("X-Forwarded-For").isEmpty()
        && request.getHeaders().findFirst("Forwarded").isEmpty()
        && host.filter(LocalRequests::isLoopbackName).isPresent()
        && (origin.isEmpty() || origin.filter(o -> sameHost(o, host.get())).isPresent());
  }

  private static boolean isLoopbackName(String authority) {
    String name = authority.replaceFirst(":[0-9]+$", "");
    return switch (name) {
      case "localhost", "127.0.0.1", "[::1]" -> true;
      default -> false;
    };
  }

  private static boolean sameHost(String origin, String authority) {
    try {
      return authority.equals(URI.create(origin).getAuthority());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
