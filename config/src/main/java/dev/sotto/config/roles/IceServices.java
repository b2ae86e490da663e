package dev.sotto.config.roles;

import dev.sotto.config.settings.IceUri;
import dev.sotto.signalling.IceService;
import dev.sotto.signalling.IceService.Credential;
import dev.sotto.signalling.IceService.Transport;
import dev.sotto.signalling.TurnCredentialIssuer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The servers that clients are told: those that settings advertise, or this host's own STUN and
 * TURN. Each user gets credentials of their own.
 *
 * @param tlsIsTrusted whether clients can verify this host's certificate; over TLS that they cannot
 *     verify, they would only lose time
 * @param advertised replaces the own server unless it is empty
 * @param credentials makes a user's time-limited credential
 */
record IceServices(
    String host,
    RunningTurn.Ports ports,
    boolean tlsIsTrusted,
    List<IceUri> advertised,
    Function<String, Credential> credentials)
    implements TurnCredentialIssuer {

  @Override
  public List<IceService> services(String user) {
    Optional<Credential> credential = Optional.of(credentials.apply(user));
    List<IceService> services = new ArrayList<>();
    if (advertised.isEmpty()) {
      Transport udp = Transport.UDP;
      Transport tcp = Transport.TCP;
      services.add(new IceService(IceService.Type.STUN, host, ports.udp(), udp, Optional.empty()));
      services.add(new IceService(IceService.Type.TURN, host, ports.udp(), udp, credential));
      services.add(new IceService(IceService.Type.TURN, host, ports.tcp(), tcp, credential));
      if (tlsIsTrusted && ports.tls().isPresent()) {
        services.add(
            new IceService(
                IceService.Type.TURNS, host, ports.tls().orElseThrow(), tcp, credential));
      }
    }
    for (IceUri uri : advertised) {
      services.add(
          switch (uri.scheme()) {
            case STUN -> service(IceService.Type.STUN, uri, Optional.empty());
            case TURN -> service(IceService.Type.TURN, uri, credential);
            case TURNS -> service(IceService.Type.TURNS, uri, credential);
          });
    }
    return List.copyOf(services);
  }

  private static IceService service(
      IceService.Type type, IceUri uri, Optional<Credential> credential) {
    Transport transport =
        switch (uri.transport()) {
          case UDP -> Transport.UDP;
          case TCP -> Transport.TCP;
        };
    return new IceService(type, uri.host().value(), uri.port(), transport, credential);
  }
}
