package dev.sotto.turn.auth;

import dev.sotto.turn.stun.ErrorCode;
import dev.sotto.turn.stun.IntegrityAlgorithm;

/** What came of checking a request's credentials. */
public sealed interface Authentication {

  /** The request is the user's; the answer is protected with the same key and algorithm. */
  record Genuine(Credential credential, LongTermKey key, IntegrityAlgorithm algorithm)
      implements Authentication {}

  /** Not yet: answer with this error, realm and a fresh nonce. */
  record Challenged(ErrorCode error) implements Authentication {}

  /** The request lacks what the mechanism demands. */
  record Malformed() implements Authentication {}
}
