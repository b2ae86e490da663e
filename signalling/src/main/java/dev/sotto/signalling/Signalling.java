package dev.sotto.signalling;

import dev.sotto.signalling.SignallingServer.Collaborators;
import dev.sotto.signalling.SignallingServer.ListenException;
import dev.sotto.signalling.http.HttpDoor;
import dev.sotto.signalling.routing.InMemoryOfflineStore;
import dev.sotto.signalling.routing.LocalStanzaRouter;
import dev.sotto.signalling.routing.Revocations;
import dev.sotto.signalling.routing.SessionDirectory;
import dev.sotto.signalling.service.AccountService;
import dev.sotto.signalling.service.CarbonsSwitch;
import dev.sotto.signalling.service.ExternalServices;
import dev.sotto.signalling.service.IqHandler;
import dev.sotto.signalling.service.IqService;
import dev.sotto.signalling.service.Ping;
import dev.sotto.signalling.service.SharedRoster;
import dev.sotto.signalling.stream.Namespaces;
import dev.sotto.signalling.stream.ResumableSessions;
import dev.sotto.signalling.stream.SignIn;
import dev.sotto.signalling.stream.StreamContext;
import dev.sotto.signalling.stream.StreamCounters;
import dev.sotto.signalling.transport.ServerTls;
import dev.sotto.signalling.transport.UnauthenticatedConnections;
import dev.sotto.signalling.transport.XmppTcpListener;
import dev.sotto.signalling.transport.XmppTcpListener.Security;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/** Builds and starts the signalling role. */
public final class Signalling {

  private Signalling() {}

  /** Starts every listener; throws {@link ListenException} if one cannot be had. */
  public static SignallingServer start(SignallingSettings settings, Collaborators others) {
    ServerTls tls = new ServerTls(settings.tls());
    SessionDirectory directory = new SessionDirectory(settings.limits().devicesPerUser());
    SecureRandom random = new SecureRandom();
    SignIn signIn = SignInFactory.make(settings, others, random);
    signIn.accounts().onRevoked(revocation -> Revocations.apply(revocation, directory));
    ExecutorService slowWork = Executors.newVirtualThreadPerTaskExecutor();
    List<IqHandler> handlers =
        new ArrayList<>(
            List.of(
                new Ping(),
                new CarbonsSwitch(),
                new SharedRoster(settings.contacts(), directory, settings.domain()),
                new ExternalServices(others.turn())));
    if (settings.accounts().inBandRegistration()) {
      handlers.add(new AccountService(signIn.accounts(), slowWork));
    }
    IqService iqs = new IqService(handlers, List.of(Namespaces.OFFLINE));
    LocalStanzaRouter router =
        new LocalStanzaRouter(
            settings.domain(),
            settings.contacts(),
            directory,
            new InMemoryOfflineStore(settings.limits().offlineMessagesPerUser()),
            iqs,
            others.clock());
    StreamContext context =
        new StreamContext(
            settings.domain(),
            settings.limits(),
            signIn,
            router,
            Map.of(),
            new StreamCounters(),
            slowWork,
            System::nanoTime,
            random,
            new AtomicBoolean(),
            new ResumableSessions(),
            others.clock());
    UnauthenticatedConnections unauthenticated =
        new UnauthenticatedConnections(settings.limits().connectionsPerAddress());
    HttpDoor http =
        HttpDoor.prepare(settings, context, unauthenticated, others.developmentTokens());
    RunningSignalling running =
        new RunningSignalling(http, context, router, directory, unauthenticated, slowWork, tls);
    try {
      running.add(listen(settings.xmpp(), Security.START_TLS, http, context, unauthenticated, tls));
      Optional<InetSocketAddress> direct = settings.xmppDirectTls();
      direct.ifPresent(address ->
          running.add(listen(address, Security.DIRECT_TLS, http, context, unauthenticated, tls)));
      http.start();
      return running;
    } catch (RuntimeException e) {
      running.close();
      throw e;
    }
  }

  private static XmppTcpListener listen(
      InetSocketAddress address,
      Security security,
      HttpDoor http,
      StreamContext context,
      UnauthenticatedConnections unauthenticated,
      ServerTls tls) {
    try {
      return XmppTcpListener.bind(
          address, security, http.eventLoops(), context, unauthenticated, tls);
    } catch (Exception e) { // Netty rethrows the socket's checked exception as it is
      throw new ListenException("cannot listen for XMPP on " + address + ": " + e.getMessage(), e);
    }
  }
}
