package dev.sotto.config.roles;

import dev.sotto.config.settings.Settings;
import dev.sotto.signalling.IceService.Credential;
import dev.sotto.signalling.SignallingServer;
import dev.sotto.signalling.SignallingSettings;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The real servers, joined: signalling hands out the credentials that TURN accepts. */
public final class ServerRoles implements RoleFactory {

  private final BiFunction<SignallingSettings, SignallingServer.Collaborators, SignallingServer>
      startSignalling;
  private final Function<Context, RunningRole> startTurn;
  private final Function<Context, Function<String, Credential>> credentials;

  /**
   * Joins the servers.
   *
   * @param startSignalling the factory of the signalling module
   * @param startTurn starts the TURN server
   * @param credentials makes users' TURN credentials from the context's secrets
   */
  public ServerRoles(
      BiFunction<SignallingSettings, SignallingServer.Collaborators, SignallingServer>
          startSignalling,
      Function<Context, RunningRole> startTurn,
      Function<Context, Function<String, Credential>> credentials) {
    this.startSignalling = startSignalling;
    this.startTurn = startTurn;
    this.credentials = credentials;
  }

  @Override
  public RunningRole turn(Context context) {
    return startTurn.apply(context);
  }

  @Override
  public RunningRole signalling(Context context, Optional<Integer> turnPort) {
    Settings settings = context.settings();
    IceServices ice =
        new IceServices(
            settings.advertisedHost(),
            turnPort.orElse(settings.turn().port()),
            settings.turn().advertise(),
            credentials.apply(context));
    SignallingServer server =
        startSignalling.apply(
            SignallingWiring.settings(context), SignallingWiring.collaborators(context, ice));
    return new SignallingRole(
        server, settings.publicAddress().map(a -> a.inUrl()).orElse("127.0.0.1"));
  }
}
