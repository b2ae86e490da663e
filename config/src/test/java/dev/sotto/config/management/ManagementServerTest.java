package dev.sotto.config.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.config.roles.Context;
import dev.sotto.config.roles.RunningRole;
import dev.sotto.config.roles.StartException;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ManagementServerTest {

  private final HttpClient client = HttpClient.newHttpClient();
  private volatile boolean ready = true;
  private ManagementServer server;

  @BeforeEach
  void start() {
    server =
        ManagementServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), "a.key", List.of(role()));
  }

  @AfterEach
  void stop() {
    server.close();
    client.close();
  }

  @Test
  void readyFollowsTheRoles() throws Exception {
    assertThat(get("/health/ready").statusCode()).isEqualTo(200);
    assertThat(get("/health/ready").body())
        .isEqualTo("{\"status\":\"up\",\"roles\":{\"turn\":\"up\"}}");

    ready = false;

    assertThat(get("/health/ready").statusCode()).isEqualTo(503);
    assertThat(get("/health/ready").body()).contains("\"turn\":\"down\"");
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void aDrainingServerIsAliveButNotReady() throws Exception {
    server.drain();

    assertThat(get("/health/ready").statusCode()).isEqualTo(503);
    assertThat(get("/health/ready").body()).contains("\"status\":\"draining\"");
    assertThat(get("/health/live").body()).isEqualTo("{\"status\":\"up\"}");
  }

  @Test
  void metricsHoldTheJvmTheProcessAndTheRoles() throws Exception {
    assertThat(get("/metrics").body())
        .contains("jvm_memory_used_bytes", "process_uptime_seconds", "process_files_open_files")
        .containsPattern("sotto_turn_packets_total 7");
    assertThat(get("/metrics").headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
  }

  @Test
  void nothingElseIsServed() throws Exception {
    assertThat(get("/health/live/more").statusCode()).isEqualTo(404);
    assertThat(get("/").statusCode()).isEqualTo(404);
    HttpRequest post =
        HttpRequest.newBuilder(uri("/metrics")).POST(HttpRequest.BodyPublishers.noBody()).build();
    assertThat(client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(405);
  }

  @Test
  void aTakenPortIsNamedWithItsSetting() {
    assertThatThrownBy(() -> ManagementServer.start(server.address(), "a.key", List.of()))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("a.key")
        .hasMessageContaining("port " + server.address().getPort());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:%d%s".formatted(server.address().getPort(), path));
  }

  private RunningRole role() {
    return new RunningRole() {
      @Override
      public String name() {
        return "turn";
      }

      @Override
      public int port() {
        return 3478;
      }

      @Override
      public String uri() {
        return "turn:127.0.0.1:3478";
      }

      @Override
      public boolean ready() {
        return ready;
      }

      @Override
      public void registerMetrics(MeterRegistry registry) {
        registry.counter("sotto.turn.packets").increment(7);
      }

      @Override
      public void reload(Context context) {}

      @Override
      public void drain(Duration deadline) {}

      @Override
      public void close() {}
    };
  }
}
