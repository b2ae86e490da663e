package dev.sotto.signalling.http;

import dev.sotto.signalling.DevelopmentTokenIssuer;
import dev.sotto.signalling.SignallingServer.ListenException;
import dev.sotto.signalling.SignallingSettings;
import dev.sotto.signalling.TlsIdentity;
import dev.sotto.signalling.http.SignInController.DevelopmentSignIn;
import dev.sotto.signalling.stream.StreamContext;
import dev.sotto.signalling.transport.UnauthenticatedConnections;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.exceptions.BeanInstantiationException;
import io.micronaut.http.netty.channel.EventLoopGroupRegistry;
import io.micronaut.http.server.exceptions.ServerStartupException;
import io.micronaut.http.server.netty.configuration.NettyHttpServerConfiguration;
import io.micronaut.runtime.server.EmbeddedServer;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Micronaut's HTTP server with this module's controllers. {@link #prepare} makes its event loops,
 * which the XMPP listeners share; {@link #start} binds.
 */
public final class HttpDoor implements AutoCloseable {

  private static final String HTTP = "http";
  private static final String HTTPS = "https";

  private final ApplicationContext application;
  private final SignallingSettings settings;
  private Map<String, InetSocketAddress> addresses = Map.of();

  private HttpDoor(ApplicationContext application, SignallingSettings settings) {
    this.application = application;
    this.settings = settings;
  }

  /** Builds the application around what it is given; nothing is bound yet. */
  public static HttpDoor prepare(
      SignallingSettings settings,
      StreamContext context,
      UnauthenticatedConnections unauthenticated,
      Optional<DevelopmentTokenIssuer> developmentTokens) {
    ApplicationContext application =
        ApplicationContext.builder()
            .banner(false)
            .deduceEnvironment(false)
            .environmentPropertySource(false)
            .properties(properties(settings))
            .singletons(
                settings, context, unauthenticated, new DevelopmentSignIn(developmentTokens))
            .start();
    return new HttpDoor(application, settings);
  }

  private static Map<String, Object> properties(SignallingSettings settings) {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("micronaut.application.name", "sotto");
    eventLoops(properties, "default");
    eventLoops(properties, "parent");
    properties.put("micronaut.netty.event-loops.parent.num-threads", 1);
    properties.put("micronaut.server.max-request-size", "64KB");
    properties.put("micronaut.server.netty.keep-alive-on-server-error", false);
    properties.put("micronaut.server.netty.server-type", "full_content");
    properties.put("micronaut.router.static-resources.page.paths", "classpath:dev/sotto/page");
    properties.put("micronaut.router.static-resources.page.mapping", "/**");
    listener(properties, HTTP, settings.http());
    settings
        .https()
        .ifPresent(address -> {
          properties.put("micronaut.server.ssl.enabled", true);
          listener(properties, HTTPS, address);
          properties.put(listenerKey(HTTPS, "ssl"), true);
          properties.put(listenerKey(HTTPS, "key-name"), HttpsCertificate.NAME);
        });
    return properties;
  }

  /** Loops of the same kind for accepting and for connections; Netty mixes them with no other. */
  private static void eventLoops(Map<String, Object> properties, String name) {
    String prefix = "micronaut.netty.event-loops." + name;
    properties.put(prefix + ".transport", List.of("epoll", "nio"));
    properties.put(prefix + ".shutdown-quiet-period", "0s");
    properties.put(prefix + ".shutdown-timeout", "5s");
  }

  private static void listener(
      Map<String, Object> properties, String name, InetSocketAddress address) {
    properties.put(listenerKey(name, "host"), address.getHostString());
    properties.put(listenerKey(name, "port"), address.getPort() == 0 ? -1 : address.getPort());
  }

  private static String listenerKey(String name, String option) {
    return "micronaut.server.netty.listeners." + name + "." + option;
  }

  /** The loops that HTTP runs on. */
  public EventLoopGroup eventLoops() {
    return application.getBean(EventLoopGroupRegistry.class).getDefaultEventLoopGroup();
  }

  /** Binds all listeners. */
  public void start() {
    mustBeFree("HTTP", settings.http());
    settings.https().ifPresent(address -> mustBeFree("HTTPS", address));
    try {
      application.getBean(EmbeddedServer.class).start();
    } catch (ServerStartupException | BeanInstantiationException e) {
      throw new ListenException(
          "cannot listen for HTTP on " + settings.http() + ": " + rootMessage(e), e);
    }
    List<NettyHttpServerConfiguration.NettyListenerConfiguration> configured =
        application.getBean(NettyHttpServerConfiguration.class).getListeners();
    List<InetSocketAddress> bound = application.getBean(Listeners.class).addresses();
    Map<String, InetSocketAddress> byName = new LinkedHashMap<>();
    for (int i = 0; i < configured.size(); i++) {
      byName.put(configured.get(i).getName(), bound.get(i));
    }
    addresses = Map.copyOf(byName);
  }

  /** Micronaut binds all its listeners at once and does not say which of them failed. */
  private static void mustBeFree(String protocol, InetSocketAddress address) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(address);
    } catch (IOException e) {
      throw new ListenException(
          "cannot listen for " + protocol + " on " + address + ": " + e.getMessage(), e);
    }
  }

  private static String rootMessage(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }

  /** Where HTTP is bound. */
  public InetSocketAddress httpAddress() {
    return Optional.ofNullable(addresses.get(HTTP))
        .orElseThrow(() -> new IllegalStateException("not started"));
  }

  /** Where HTTPS is bound, if it was asked for. */
  public Optional<InetSocketAddress> httpsAddress() {
    return Optional.ofNullable(addresses.get(HTTPS));
  }

  /** Closes the listeners; open connections stay, and their new requests are refused. */
  public void stopAccepting() {
    application.getBean(Listeners.class).close();
  }

  /** Shows another certificate to connections that begin from now on. */
  public void replaceTls(TlsIdentity identity) {
    application.getBean(HttpsCertificate.class).replace(identity);
  }

  /** Whether it accepts. */
  public boolean isRunning() {
    return application.isRunning() && application.getBean(EmbeddedServer.class).isRunning();
  }

  @Override
  public void close() {
    application.close();
  }
}
