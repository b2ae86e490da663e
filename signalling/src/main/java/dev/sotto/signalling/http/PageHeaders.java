package dev.sotto.signalling.http;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;

/**
 * What browsers are told with every answer: the page loads nothing from elsewhere, is not framed,
 * and may use camera and microphone. Files with a hash in their name never change; all else is
 * asked for anew.
 */
@ServerFilter("/**")
final class PageHeaders {

  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
          + "media-src 'self' blob: mediastream:; connect-src 'self' ws: wss:; "
          + "manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; "
          + "frame-ancestors 'none'";

  @ResponseFilter
  void add(HttpRequest<?> request, MutableHttpResponse<?> response) {
    response
        .header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer")
        .header("Permissions-Policy", "camera=(self), microphone=(self), display-capture=(self)");
    response
        .getHeaders()
        .set(
            HttpHeaders.CACHE_CONTROL,
            request.getPath().startsWith("/assets/") && response.code() < 400
                ? "public, max-age=31536000, immutable"
                : "no-cache");
  }
}
