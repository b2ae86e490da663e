package dev.sotto.signalling.stream;

import dev.sotto.signalling.auth.Accounts;
import dev.sotto.signalling.auth.RegistrationRate;
import dev.sotto.signalling.auth.TokenVerifier;
import dev.sotto.signalling.sasl.SaslServer;
import java.util.Optional;

/**
 * How users come in: tokens, accounts, the mechanisms for both, and, where clients may make
 * accounts (XEP-0077), how many of one address.
 */
public record SignIn(
    TokenVerifier tokens,
    Accounts accounts,
    SaslServer sasl,
    Optional<RegistrationRate> registration) {}
