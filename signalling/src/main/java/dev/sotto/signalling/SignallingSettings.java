package dev.sotto.signalling;

import com.nimbusds.jose.jwk.JWK;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything the signalling role is told from outside. Addresses are what it binds (port 0 takes a
 * free one); {@code tokenKeys} verify JWTs, each pinned to its own {@code alg} (RFC 7515 section
 * 10.7); {@code contacts} decides who is on a user's roster.
 */
public record SignallingSettings(
    String domain,
    InetSocketAddress http,
    Optional<InetSocketAddress> https,
    InetSocketAddress xmpp,
    Optional<InetSocketAddress> xmppDirectTls,
    TlsIdentity tls,
    List<JWK> tokenKeys,
    Duration tokenClockSkew,
    AccountSettings accounts,
    Contacts contacts,
    StreamLimits limits) {

  /** Whose presence a user sees without asking for it. */
  public enum Contacts {
    /** Every user of the domain that this server has seen: for teams and for trying things out. */
    EVERYONE,
    /** Nobody: for apps that keep contacts themselves. */
    NOBODY
  }
}
