package dev.sotto.config.roles;

import java.util.Optional;

/** Starts roles. {@link ServerRoles} is the one that servers use. */
public interface RoleFactory {

  /** Starts the TURN server. */
  RunningTurn turn(Context context);

  /** Starts the media relay. */
  RunningRelay relay(Context context);

  /**
   * Starts signalling.
   *
   * @param turn the ports of a TURN server in the same process, if there is one
   */
  RunningRole signalling(Context context, Optional<RunningTurn.Ports> turn);
}
