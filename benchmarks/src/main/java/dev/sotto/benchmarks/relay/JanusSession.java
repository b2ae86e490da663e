package dev.sotto.benchmarks.relay;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.text.ParseException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One session with Janus over its HTTP interface: requests, and a long poll that brings the answers
 * which Janus gives later. The session lives as long as it is polled.
 */
final class JanusSession implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI root;
  private final URI session;
  private final Map<String, CompletableFuture<Event>> pending = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** What a plugin said: its data, and SDP where there is some. */
  record Event(Map<String, Object> data, Optional<String> sdp) {
    /** A number of the data. */
    long number(String key) {
      return ((Number) data.get(key)).longValue();
    }
  }

  /** A plugin's end of one peer. */
  record Handle(long id) {}

  JanusSession(URI root) throws IOException {
    this.root = root;
    this.session = at(root, id(post(root, Map.of("janus", "create"))));
    Thread.ofVirtual().name("janus-events").start(this::poll);
  }

  private static URI at(URI base, long id) {
    return URI.create(base + "/" + id);
  }

  /** Attaches to the videoroom plugin. */
  Handle attach() throws IOException {
    return new Handle(
        id(post(session, Map.of("janus", "attach", "plugin", "janus.plugin.videoroom"))));
  }

  void detach(Handle handle) throws IOException {
    post(at(session, handle.id()), Map.of("janus", "detach"));
  }

  /**
   * Asks the plugin for something, with SDP where it belongs to it, and waits for the answer.
   *
   * @throws IllegalStateException when Janus refuses
   */
  Event ask(Handle handle, Map<String, Object> body, Map<String, Object> jsep) throws IOException {
    Map<String, Object> message = new LinkedHashMap<>(Map.of("janus", "message", "body", body));
    if (!jsep.isEmpty()) {
      message.put("jsep", jsep);
    }
    String transaction = UUID.randomUUID().toString();
    CompletableFuture<Event> later = new CompletableFuture<>();
    pending.put(transaction, later);
    try {
      Map<String, Object> answer = post(at(session, handle.id()), message, transaction);
      return "ack".equals(answer.get("janus"))
          ? checked(later.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
          : checked(event(answer));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("Janus did not answer " + body, e);
    } finally {
      pending.remove(transaction);
    }
  }

  private static Event checked(Event event) {
    if (event.data().containsKey("error")) {
      throw new IllegalStateException("Janus refused: " + event.data());
    }
    return event;
  }

  private void poll() {
    while (!closed) {
      try {
        HttpRequest request = HttpRequest.newBuilder(URI.create(session + "?maxev=20")).build();
        String body = http.send(request, BodyHandlers.ofString()).body();
        // A list, which is no JSON object of its own.
        Map<String, Object> answer = JSONObjectUtils.parse("{\"events\":" + body + "}");
        if (answer.get("events") instanceof List<?> events) {
          events.forEach(event -> dispatch(object(event)));
        }
      } catch (IOException | ParseException e) {
        if (!closed) {
          pending.values().forEach(later -> later.completeExceptionally(e));
          return;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void dispatch(Map<String, Object> event) {
    if ("event".equals(event.get("janus")) && event.get("transaction") instanceof String id) {
      Optional.ofNullable(pending.get(id)).ifPresent(later -> later.complete(event(event)));
    }
  }

  private static Event event(Map<String, Object> message) {
    Map<String, Object> plugin = object(message.get("plugindata"));
    Map<String, Object> jsep = object(message.get("jsep"));
    return new Event(object(plugin.get("data")), Optional.ofNullable((String) jsep.get("sdp")));
  }

  @SuppressWarnings("unchecked") // keys of JSON objects are strings
  private static Map<String, Object> object(Object json) {
    return json instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  private static long id(Map<String, Object> answer) {
    return ((Number) object(answer.get("data")).get("id")).longValue();
  }

  private Map<String, Object> post(URI to, Map<String, Object> message) throws IOException {
    return post(to, message, UUID.randomUUID().toString());
  }

  private Map<String, Object> post(URI to, Map<String, Object> message, String transaction)
      throws IOException {
    Map<String, Object> document = new LinkedHashMap<>(message);
    document.put("transaction", transaction);
    try {
      HttpRequest request =
          HttpRequest.newBuilder(to)
              .timeout(PATIENCE)
              .POST(BodyPublishers.ofString(JSONObjectUtils.toJSONString(document)))
              .build();
      String body = http.send(request, BodyHandlers.ofString()).body();
      Map<String, Object> answer = JSONObjectUtils.parse(body);
      if ("error".equals(answer.get("janus"))) {
        throw new IllegalStateException("Janus refused: " + body);
      }
      return answer;
    } catch (ParseException e) {
      throw new IOException("Janus did not answer in JSON", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** The address of the server that this is a session of. */
  URI root() {
    return root;
  }

  @Override
  public void close() {
    closed = true;
    try {
      post(session, Map.of("janus", "destroy"));
    } catch (IOException | IllegalStateException _) {
      // it ends with the server
    }
    http.shutdownNow();
  }
}
