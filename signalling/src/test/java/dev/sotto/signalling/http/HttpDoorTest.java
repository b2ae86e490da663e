package dev.sotto.signalling.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.signalling.TestKeys;
import dev.sotto.signalling.TestServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the HTTP door answers to a browser. */
final class HttpDoorTest {

  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .sslContext(TestKeys.clientTls())
          .build();
  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void thePageIsAtTheRootAndAskedForAnewEachTime(String scheme) {
    HttpResponse<String> page = get(scheme.equals("http") ? server.http() : server.https(), "/");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("<title>Sotto</title>");
    assertThat(header(page, "content-type")).startsWith("text/html");
    assertThat(header(page, "cache-control")).isEqualTo("no-cache");
  }

  @Test
  void filesWithAHashInTheirNameAreKeptForever() {
    HttpResponse<String> script = get(server.http(), "/assets/x.js");
    assertThat(script.statusCode()).isEqualTo(200);
    assertThat(script.body()).contains("console");
    assertThat(header(script, "content-type")).contains("javascript");
    assertThat(header(script, "cache-control")).isEqualTo("public, max-age=31536000, immutable");
  }

  @Test
  void anAssetThatIsNotThereIsNotKeptForever() {
    HttpResponse<String> missing = get(server.http(), "/assets/missing.js");
    assertThat(missing.statusCode()).isEqualTo(404);
    assertThat(header(missing, "cache-control")).isEqualTo("no-cache");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../logback-test.xml",
        "/assets/../../../../logback-test.xml",
        "/%2e%2e/%2e%2e/%2e%2e/logback-test.xml",
        "/..%2f..%2f..%2flogback-test.xml",
        "/dev/sotto/signalling/Signalling.class"
      })
  void nothingButThePageIsServed(String path) {
    assertThat(get(server.http(), path).statusCode()).isIn(400, 403, 404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/api/v1/sign-in", "/assets/x.js", "/nowhere"})
  void everyAnswerRestrictsWhatTheBrowserDoes(String path) {
    HttpResponse<String> answer = get(server.http(), path);
    assertThat(header(answer, "content-security-policy"))
        .contains("default-src 'none'")
        .contains("frame-ancestors 'none'");
    assertThat(header(answer, "x-content-type-options")).isEqualTo("nosniff");
    assertThat(header(answer, "referrer-policy")).isEqualTo("no-referrer");
    assertThat(header(answer, "permissions-policy")).contains("camera=(self)");
  }

  @Test
  void signInOptionsSayWhatAClientMustKnow() {
    HttpResponse<String> options = get(server.http(), "/api/v1/sign-in");
    assertThat(options.statusCode()).isEqualTo(200);
    assertThat(options.body())
        .contains("\"domain\":\"sotto.example\"")
        .contains("\"development\":true")
        .contains("\"webSocketPath\":\"/xmpp\"");
  }

  @Test
  void developmentSignInGivesATokenForAnyName() {
    HttpResponse<String> answer = signIn("{\"user\":\" Jane Doe \"}");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains("\"jid\":\"jane\\\\20doe@sotto.example\"")
        .contains("\"token\":\"ey")
        .contains("\"expiresAt\":");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"user\":\"\"}",
        "{\"user\":null}",
        "{}",
        "[]",
        "{",
        "null",
        "",
        "{\"user\":\"\\u0007\"}"
      })
  void developmentSignInRefusesWhatIsNoName(String body) {
    HttpResponse<String> answer = signIn(body);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).doesNotContain("dev.sotto", "Exception");
  }

  @Test
  void developmentSignInRefusesAnotherSitesPage() {
    HttpResponse<String> answer =
        send(signInRequest("{\"user\":\"jane\"}").header("Origin", "http://evil.example").build());
    assertThat(answer.statusCode()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Forwarded-For", "Forwarded"})
  void developmentSignInRefusesWhatAProxyBrings(String header) {
    HttpResponse<String> answer =
        send(signInRequest("{\"user\":\"jane\"}").header(header, "for=10.0.0.1").build());
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("\"detail\":");
    assertThat(header(answer, "content-type")).contains("application/problem+json");
  }

  @Test
  void hostMetaLeadsToTheWebSocket() {
    String url = server.http().replace("http:", "ws:") + "/xmpp";
    HttpResponse<String> json = get(server.http(), "/.well-known/host-meta.json");
    assertThat(json.body()).contains("\"rel\":\"urn:xmpp:alt-connections:websocket\"", url);
    assertThat(header(json, "access-control-allow-origin")).isEqualTo("*");
    HttpResponse<String> xml = get(server.https(), "/.well-known/host-meta");
    assertThat(header(xml, "content-type")).startsWith("application/xrd+xml");
    assertThat(xml.body())
        .contains("<Link rel='urn:xmpp:alt-connections:websocket'")
        .contains(server.https().replace("https:", "wss:") + "/xmpp");
  }

  @Test
  void theWebSocketPathTellsABrowserWhatItIs() {
    HttpResponse<String> answer = get(server.http(), "/xmpp");
    assertThat(answer.statusCode()).isEqualTo(426);
    assertThat(header(answer, "upgrade")).isEqualTo("websocket");
  }

  private static HttpResponse<String> signIn(String body) {
    return send(signInRequest(body).build());
  }

  private static HttpRequest.Builder signInRequest(String body) {
    return HttpRequest.newBuilder(URI.create(server.http() + "/api/v1/sign-in/development"))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body));
  }

  private static HttpResponse<String> get(String origin, String path) {
    return send(HttpRequest.newBuilder(URI.create(origin + path)).build());
  }

  private static HttpResponse<String> send(HttpRequest request) {
    try {
      return HTTP.send(request, BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }
}
