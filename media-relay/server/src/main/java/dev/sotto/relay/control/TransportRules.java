package dev.sotto.relay.control;

import java.util.HexFormat;
import java.util.Map;

/** What the transport of an endpoint keeps. */
final class TransportRules {
  /** RFC 8839 section 5.4. */
  private static final int MIN_UFRAG_LENGTH = 4;

  private static final int MIN_PASSWORD_LENGTH = 22;
  private static final int MAX_CREDENTIAL_LENGTH = 256;

  /** RFC 8839 section 5.1. */
  private static final int MAX_FOUNDATION_LENGTH = 32;

  private static final long MAX_PRIORITY = 0xffff_ffffL;
  private static final int MAX_PORT = 65_535;

  /** A DNS name at its longest; an IP address is shorter. */
  private static final int MAX_ADDRESS_LENGTH = 253;

  /** Octets by name (RFC 8122 section 5); SHA-1 and MD5 no longer prove whose certificate it is. */
  private static final Map<String, Integer> HASHES =
      Map.of("sha-256", 32, "sha-384", 48, "sha-512", 64);

  private final ControlLimits limits;
  private final EndpointFaults faults;

  TransportRules(ControlLimits limits, EndpointFaults faults) {
    this.limits = limits;
    this.faults = faults;
  }

  void check(RemoteTransport transport) {
    transport.credentials().ifPresent(this::checkCredentials);
    faults.checkCount(
        ErrorCode.LIMIT_FINGERPRINTS,
        "fingerprints",
        transport.fingerprints().size(),
        limits.fingerprints());
    transport.fingerprints().forEach(this::checkFingerprint);
    faults.checkCount(
        ErrorCode.LIMIT_CANDIDATES,
        "candidates",
        transport.candidates().size(),
        limits.candidates());
    transport.candidates().forEach(this::checkCandidate);
  }

  private void checkCredentials(IceCredentials credentials) {
    if (!isIceText(credentials.ufrag(), MIN_UFRAG_LENGTH)) {
      throw faults.bad(
          "ufrag %s: %d to %d letters, digits, + and /",
          Texts.quoted(credentials.ufrag()), MIN_UFRAG_LENGTH, MAX_CREDENTIAL_LENGTH);
    }
    // The password is a secret, even a wrong one.
    if (!isIceText(credentials.password(), MIN_PASSWORD_LENGTH)) {
      throw faults.bad(
          "pwd: %d to %d letters, digits, + and /", MIN_PASSWORD_LENGTH, MAX_CREDENTIAL_LENGTH);
    }
  }

  private static boolean isIceText(String text, int least) {
    return text.length() >= least
        && text.length() <= MAX_CREDENTIAL_LENGTH
        && text.chars().allMatch(TransportRules::isIceChar);
  }

  private static boolean isIceChar(int c) {
    return isAsciiLetterOrDigit(c) || c == '+' || c == '/';
  }

  private static boolean isAsciiLetterOrDigit(int c) {
    return c < 0x80 && Character.isLetterOrDigit(c);
  }

  private void checkFingerprint(Fingerprint fingerprint) {
    Integer octets = HASHES.get(fingerprint.hash());
    if (octets == null) {
      throw faults.bad(
          "fingerprint hash %s: %s",
          Texts.quoted(fingerprint.hash()),
          Texts.oneOf(HASHES.keySet().stream().sorted().toList()));
    }
    if (!isOctets(fingerprint.value(), octets)) {
      throw faults.bad(
          "%s fingerprint %s: %d hexadecimal octets with colons between them",
          fingerprint.hash(), Texts.quoted(fingerprint.value()), octets);
    }
  }

  private static boolean isOctets(String value, int octets) {
    if (value.length() != octets * 3 - 1) {
      return false;
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (i % 3 == 2 ? c != ':' : !HexFormat.isHexDigit(c)) {
        return false;
      }
    }
    return true;
  }

  private void checkCandidate(Candidate candidate) {
    String foundation = candidate.foundation();
    if (foundation.isEmpty()
        || foundation.length() > MAX_FOUNDATION_LENGTH
        || !foundation.chars().allMatch(TransportRules::isIceChar)) {
      throw faults.bad(
          "candidate foundation %s: 1 to %d letters, digits, + and /",
          Texts.quoted(foundation), MAX_FOUNDATION_LENGTH);
    }
    if (candidate.priority() < 0 || candidate.priority() > MAX_PRIORITY) {
      throw faults.bad(
          "candidate priority %d is not from 0 to %d", candidate.priority(), MAX_PRIORITY);
    }
    checkAddress("candidate", candidate.address(), candidate.port(), 1);
    // A related port of 0 hides it (RFC 8839 section 5.1).
    candidate.related().ifPresent(r -> checkAddress("related", r.address(), r.port(), 0));
  }

  private void checkAddress(String what, String address, int port, int leastPort) {
    if (address.isEmpty()
        || address.length() > MAX_ADDRESS_LENGTH
        || !address.chars().allMatch(TransportRules::isAddressChar)) {
      throw faults.bad("%s address %s is no IP address or name", what, Texts.quoted(address));
    }
    if (port < leastPort || port > MAX_PORT) {
      throw faults.bad("%s port %d is not from %d to %d", what, port, leastPort, MAX_PORT);
    }
  }

  private static boolean isAddressChar(int c) {
    return isAsciiLetterOrDigit(c) || c == '.' || c == ':' || c == '-';
  }
}
