package dev.sotto.config.roles;

import dev.sotto.config.settings.HostName;
import dev.sotto.config.settings.Settings;
import dev.sotto.relay.link.LinkSettings;
import dev.sotto.relay.worker.RelayException;
import dev.sotto.relay.worker.RelayServer;
import dev.sotto.signalling.Signalling;
import dev.sotto.signalling.SignallingServer;
import dev.sotto.signalling.SignallingServer.ListenException;
import dev.sotto.turn.TurnServer;
import dev.sotto.turn.TurnServerException;
import java.security.SecureRandom;
import java.util.Optional;

/** The real servers, joined: signalling hands out the credentials that TURN accepts. */
public final class ServerRoles implements RoleFactory {

  @Override
  public RunningTurn turn(Context context) {
    try {
      TurnServer server =
          TurnServer.start(
              TurnWiring.settings(context),
              new TurnWiring.ContextClock(context),
              new SecureRandom());
      return new TurnRole(server, urlHost(context.settings()));
    } catch (TurnServerException e) {
      throw new StartException(TurnWiring.setting(context.settings(), e.getMessage()), e);
    }
  }

  @Override
  public RunningRelay relay(Context context) {
    Settings settings = context.settings();
    Optional<LinkSettings> signalling = RelayLinkWiring.settings(settings);
    RelayLinkWiring.Events events = new RelayLinkWiring.Events();
    try {
      RelayServer server =
          RelayServer.start(
              RelayWiring.settings(settings), new SecureRandom(), context.clock(), events);
      RelayRole role = new RelayRole(server, urlHost(settings));
      signalling
          .map(link -> RelayLinkWiring.connect(link, server, role::status))
          .ifPresent(link -> {
            events.to(link);
            role.linkedBy(link);
          });
      return role;
    } catch (RelayException e) {
      throw new StartException("sotto.relay.port: " + e.getMessage(), e);
    }
  }

  @Override
  public RunningRole signalling(Context context, Optional<RunningTurn.Ports> turn) {
    Settings settings = context.settings();
    ReplaceableIceServices ice =
        new ReplaceableIceServices(
            context, turn.orElseGet(() -> TurnWiring.configuredPorts(settings)));
    try {
      SignallingServer server =
          Signalling.start(
              SignallingWiring.settings(context), SignallingWiring.collaborators(context, ice));
      return new SignallingRole(server, urlHost(settings), ice);
    } catch (ListenException e) {
      throw new StartException(SignallingWiring.setting(settings, e.getMessage()), e);
    }
  }

  private static String urlHost(Settings settings) {
    return settings
        .publicAddress()
        .map(HostName::inUrl)
        .orElseGet(() -> settings.listenAddress().getHostAddress());
  }
}
