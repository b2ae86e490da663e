package dev.sotto.benchmarks.relay;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;

/** A server's counters in the text format of Prometheus. */
final class MetricsPage {

  private static final int OK = 200;

  private final HttpClient http;
  private final URI uri;

  MetricsPage(HttpClient http, URI uri) {
    this.http = http;
    this.uri = uri;
  }

  /** The page as it was at one time. */
  record Values(List<String> lines) {
    /**
     * Of all series of this name, whatever their labels.
     *
     * @throws IllegalStateException when there is none
     */
    long sum(String name) {
      List<String> series =
          lines.stream()
              .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
              .toList();
      if (series.isEmpty()) {
        throw new IllegalStateException("no metric is called " + name);
      }
      return Math.round(
          series.stream()
              .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
              .sum());
    }
  }

  Values read() throws IOException {
    try {
      HttpResponse<String> page =
          http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
      if (page.statusCode() != OK) {
        throw new IOException(uri + " answered " + page.statusCode());
      }
      return new Values(page.body().lines().toList());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
