package dev.sotto.signalling;

import com.nimbusds.jose.jwk.JWK;
import dev.sotto.signalling.auth.Accounts.Configured;
import dev.sotto.signalling.http.HttpDoor;
import dev.sotto.signalling.routing.LocalStanzaRouter;
import dev.sotto.signalling.routing.SessionDirectory;
import dev.sotto.signalling.stream.StreamContext;
import dev.sotto.signalling.stream.StreamError;
import dev.sotto.signalling.transport.ServerTls;
import dev.sotto.signalling.transport.UnauthenticatedConnections;
import dev.sotto.signalling.transport.XmppTcpListener;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of a started signalling role, and how they end. */
final class RunningSignalling implements SignallingServer {

  private static final Logger LOG = LoggerFactory.getLogger(RunningSignalling.class);

  private final HttpDoor http;
  private final StreamContext context;
  private final LocalStanzaRouter router;
  private final SessionDirectory directory;
  private final UnauthenticatedConnections unauthenticated;
  private final ExecutorService slowWork;
  private final ServerTls tls;
  private final List<XmppTcpListener> listeners = new ArrayList<>();

  RunningSignalling(
      HttpDoor http,
      StreamContext context,
      LocalStanzaRouter router,
      SessionDirectory directory,
      UnauthenticatedConnections unauthenticated,
      ExecutorService slowWork,
      ServerTls tls) {
    this.http = http;
    this.context = context;
    this.router = router;
    this.directory = directory;
    this.unauthenticated = unauthenticated;
    this.slowWork = slowWork;
    this.tls = tls;
  }

  void add(XmppTcpListener listener) {
    listeners.add(listener);
  }

  @Override
  public InetSocketAddress httpAddress() {
    return http.httpAddress();
  }

  @Override
  public Optional<InetSocketAddress> httpsAddress() {
    return http.httpsAddress();
  }

  @Override
  public InetSocketAddress xmppAddress() {
    return listeners.getFirst().address();
  }

  /** Where XMPP in TLS from the first byte answers, if it was asked for. */
  Optional<InetSocketAddress> xmppDirectTlsAddress() {
    return listeners.size() > 1 ? Optional.of(listeners.get(1).address()) : Optional.empty();
  }

  /** Connections that have not authenticated yet. */
  int unauthenticatedConnections() {
    return unauthenticated.total();
  }

  @Override
  public SignallingCounters counters() {
    return new SignallingCounters(
        context.counters().connections.sum(),
        directory.all().count(),
        router.stanzasRouted(),
        context.counters().authSuccesses.sum(),
        context.counters().authFailures.sum(),
        context.counters().streamErrors.sum(),
        router.callsProposed(),
        context.resumable().waiting(),
        context.counters().resumptions.sum(),
        context.counters().failedResumptions.sum());
  }

  @Override
  public void reload(TlsIdentity identity, List<JWK> tokenKeys, List<Configured> accounts) {
    tls.replace(identity); // first: it throws for what cannot be used
    http.replaceTls(identity);
    context.signIn().tokens().replaceKeys(tokenKeys);
    context.signIn().accounts().configure(accounts);
  }

  @Override
  public boolean ready() {
    return !context.draining().get()
        && http.isRunning()
        && listeners.stream().allMatch(XmppTcpListener::isOpen);
  }

  @Override
  public void drain(Duration deadline) {
    stopAccepting();
    // What a session knows ends with this process: its messages are kept before its client is told.
    router.stopping();
    var sessions = directory.all().toList();
    CountDownLatch told = new CountDownLatch(sessions.size());
    sessions.forEach(session -> session.terminate(StreamError.SHUTDOWN, told::countDown));
    try {
      if (!told.await(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("{} sessions did not end within {}", told.getCount(), deadline);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close();
  }

  /** From now on: no new connection, request or session. Those that are there live on. */
  void stopAccepting() {
    context.draining().set(true); // first: who comes later sees it, who came before is in the list
    listeners.forEach(XmppTcpListener::close);
    http.stopAccepting();
  }

  @Override
  public void close() {
    listeners.forEach(XmppTcpListener::close);
    slowWork.close(); // first: what it finds out is told on the loops
    http.close();
  }
}
