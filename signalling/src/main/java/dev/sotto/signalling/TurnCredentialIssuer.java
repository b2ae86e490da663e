package dev.sotto.signalling;

import java.util.List;

/**
 * Hands out the STUN and TURN services that a user's device may use, with credentials made for that
 * user. Answers XEP-0215 queries; called on an event loop, so it must not block.
 */
@FunctionalInterface
public interface TurnCredentialIssuer {

  /** Services for {@code user} (the local part of the JID), in order of preference. */
  List<IceService> services(String user);
}
