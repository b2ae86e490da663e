package dev.sotto.config.roles;

import dev.sotto.config.settings.Settings;
import dev.sotto.signalling.IceService;
import dev.sotto.signalling.TurnCredentialIssuer;
import java.util.List;

/** The {@link IceServices} of the settings in force. The ports stay: listeners do not move. */
final class ReplaceableIceServices implements TurnCredentialIssuer {

  private final RunningTurn.Ports ports;
  private volatile IceServices current;

  ReplaceableIceServices(Context context, RunningTurn.Ports ports) {
    this.ports = ports;
    reload(context);
  }

  void reload(Context context) {
    Settings settings = context.settings();
    current =
        new IceServices(
            settings.advertisedHost(),
            ports,
            settings.tls().certificate().isPresent(),
            settings.turn().advertise(),
            TurnWiring.credentials(context));
  }

  @Override
  public List<IceService> services(String user) {
    return current.services(user);
  }
}
