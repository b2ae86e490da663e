package dev.sotto.e2e;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Serves the pages among the test resources on loopback, which browsers take for secure. */
final class TestPages implements AutoCloseable {

  private final HttpServer server;

  TestPages(String folder) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          try (exchange;
              InputStream file = TestPages.class.getResourceAsStream(folder + path)) {
            if (file == null) {
              exchange.sendResponseHeaders(404, -1);
              return;
            }
            byte[] body = file.readAllBytes();
            exchange
                .getResponseHeaders()
                .set("Content-Type", path.endsWith(".js") ? "text/javascript" : "text/html");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
  }

  String url(String page) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + page;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
