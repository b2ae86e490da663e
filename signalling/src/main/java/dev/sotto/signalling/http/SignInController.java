package dev.sotto.signalling.http;

import dev.sotto.signalling.DevelopmentTokenIssuer;
import dev.sotto.signalling.DevelopmentTokenIssuer.IssuedToken;
import dev.sotto.signalling.SignallingSettings;
import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.jid.JidEscaping;
import dev.sotto.signalling.transport.WebSocketUpgrade;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import java.util.Optional;

/**
 * How the call page signs in: what it needs to know before it connects, and, while Sotto runs with
 * its development key, a token for any name asked for from this machine.
 */
@Controller("/api/v1/sign-in")
final class SignInController {

  private final SignallingSettings settings;
  private final Optional<DevelopmentTokenIssuer> developmentTokens;

  SignInController(SignallingSettings settings, DevelopmentSignIn development) {
    this.settings = settings;
    this.developmentTokens = development.issuer();
  }

  /** Whether tokens may be had without an app, if at all. */
  record DevelopmentSignIn(Optional<DevelopmentTokenIssuer> issuer) {}

  /** What a client must know before it connects. */
  @Serdeable
  record SignInOptions(String domain, boolean development, String webSocketPath) {}

  /** Whom the token shall name. */
  @Serdeable
  record DevelopmentSignInRequest(String user) {}

  /** A token and the address that it gives. */
  @Serdeable
  record DevelopmentSignInResponse(String jid, String token, Instant expiresAt) {}

  @Get
  SignInOptions options(HttpRequest<?> request) {
    return new SignInOptions(
        settings.domain(),
        developmentTokens.isPresent() && LocalRequests.isLocal(request),
        WebSocketUpgrade.PATH);
  }

  @Post("/development")
  @ExecuteOn(TaskExecutors.BLOCKING)
  HttpResponse<?> development(HttpRequest<?> request, @Body DevelopmentSignInRequest body) {
    if (developmentTokens.isEmpty()) {
      return problem(
          HttpStatus.FORBIDDEN,
          "Development sign-in is off",
          "This server verifies tokens with a key of its own: sign in through your app.");
    }
    if (!LocalRequests.isLocal(request)) {
      return problem(
          HttpStatus.FORBIDDEN,
          "Development sign-in is for this machine only",
          "Open the page as http://localhost, or sign in with a token from ./sotto token.");
    }
    Optional<String> local =
        Optional.ofNullable(body.user())
            .flatMap(user -> Jid.prepareLocal(JidEscaping.escape(user.strip())));
    if (local.isEmpty()) {
      return problem(
          HttpStatus.BAD_REQUEST,
          "Not a user name",
          "Use letters and digits of any language and the signs of a keyboard, at most 340 of them.");
    }
    String user = JidEscaping.unescape(local.get());
    IssuedToken issued = developmentTokens.get().issue(user);
    Jid jid = new Jid(local.get(), settings.domain(), "");
    return HttpResponse.ok(
        new DevelopmentSignInResponse(jid.toString(), issued.token(), issued.expiresAt()));
  }

  private static HttpResponse<Problem> problem(HttpStatus status, String title, String detail) {
    return HttpResponse.<Problem>status(status)
        .contentType(MediaType.APPLICATION_JSON_PROBLEM)
        .body(new Problem(title, status.getCode(), detail));
  }
}
