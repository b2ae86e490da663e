package dev.sotto.config.management;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sotto.config.Json;
import dev.sotto.config.roles.RunningRole;
import dev.sotto.config.roles.StartException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * {@code GET /health/live}, {@code /health/ready} (503 while a role is not, or while it drains) and
 * {@code /metrics}, and the resources that roles bring. It asks for no sign-in, so it binds
 * loopback unless it is told otherwise.
 */
public final class ManagementServer implements AutoCloseable {

  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int CONTENT_TOO_LARGE = 413;
  private static final int UNAVAILABLE = 503;

  /** What an answer that is under way may take when the server ends. */
  private static final int ANSWER_SECONDS = 2;

  private static final String JSON = "application/json";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private record Answer(int status, String type, String body) {}

  private final HttpServer http;
  private final ExecutorService executor;
  private final Metrics metrics;
  private final List<RunningRole> roles;
  private volatile boolean draining;

  private ManagementServer(HttpServer http, List<RunningRole> roles) {
    this.http = http;
    this.roles = List.copyOf(roles);
    this.metrics = new Metrics(roles);
    this.executor = Executors.newVirtualThreadPerTaskExecutor();
  }

  /**
   * Starts it.
   *
   * @param setting the key that an error names
   * @throws StartException if the port cannot be had
   */
  public static ManagementServer start(
      InetSocketAddress address, String setting, List<RunningRole> roles) {
    HttpServer http;
    try {
      http = HttpServer.create(address, 0);
    } catch (IOException e) {
      throw new StartException(
          "%s: cannot listen on %s port %d for health and metrics (%s); free it or set another"
              .formatted(
                  setting,
                  address.getAddress().getHostAddress(),
                  address.getPort(),
                  e.getMessage()),
          e);
    }
    ManagementServer server = new ManagementServer(http, roles);
    server.serve("/health/live", () -> new Answer(OK, JSON, Json.write(Map.of("status", "up"))));
    server.serve("/health/ready", server::readiness);
    server.serve("/metrics", () -> new Answer(OK, PROMETHEUS, server.metrics.text()));
    roles.forEach(role -> role.resources().forEach(server::serve));
    http.setExecutor(server.executor);
    http.start();
    return server;
  }

  /** Where it answers. */
  public InetSocketAddress address() {
    return http.getAddress();
  }

  /** From now on the process is not ready, so that balancers send nobody here. */
  public void drain() {
    draining = true;
  }

  private Answer readiness() {
    Map<String, Object> states = new LinkedHashMap<>();
    boolean ready = !draining;
    for (RunningRole role : roles) {
      boolean up = role.ready();
      ready &= up;
      states.put(role.name(), up ? "up" : "down");
    }
    String status = draining ? "draining" : ready ? "up" : "down";
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", status);
    body.put("roles", states);
    return new Answer(ready ? OK : UNAVAILABLE, JSON, Json.write(body));
  }

  private void serve(String path, Supplier<Answer> content) {
    http.createContext(
        path,
        exchange -> {
          try (exchange) {
            answer(exchange, path, content);
          }
        });
  }

  private void serve(ManagementResource resource) {
    http.createContext(
        resource.path(),
        exchange -> {
          try (exchange) {
            answer(exchange, resource);
          }
        });
  }

  private static void answer(HttpExchange exchange, ManagementResource resource)
      throws IOException {
    byte[] request = exchange.getRequestBody().readNBytes(resource.maxBodyBytes() + 1);
    if (request.length > resource.maxBodyBytes()) {
      exchange.sendResponseHeaders(CONTENT_TOO_LARGE, -1);
      return;
    }
    ManagementResource.Answer answer =
        resource
            .handler()
            .answer(exchange.getRequestMethod(), exchange.getRequestURI().getRawPath(), request);
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", JSON);
    if (!answer.allow().isEmpty()) {
      exchange.getResponseHeaders().set("Allow", answer.allow());
    }
    exchange.sendResponseHeaders(answer.status(), body.length);
    exchange.getResponseBody().write(body);
  }

  private static void answer(HttpExchange exchange, String path, Supplier<Answer> content)
      throws IOException {
    boolean get = exchange.getRequestMethod().equals("GET");
    if (!get || !exchange.getRequestURI().getPath().equals(path)) {
      exchange.sendResponseHeaders(get ? NOT_FOUND : METHOD_NOT_ALLOWED, -1);
      return;
    }
    Answer answer = content.get();
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", answer.type());
    exchange.sendResponseHeaders(answer.status(), body.length);
    exchange.getResponseBody().write(body);
  }

  /** Answers that are under way are given: one may be why the last role has nothing left to do. */
  @Override
  public void close() {
    http.stop(ANSWER_SECONDS);
    executor.close();
    metrics.close();
  }
}
