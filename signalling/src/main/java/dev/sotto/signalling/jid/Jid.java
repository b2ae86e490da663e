package dev.sotto.signalling.jid;

import java.util.Locale;
import java.util.Optional;
import rocks.xmpp.precis.PrecisProfiles;

/**
 * An XMPP address (RFC 7622), prepared: equal addresses are equal strings. {@code local} and {@code
 * resource} are empty where the address has none. Each part has at most 1023 bytes of UTF-8.
 */
public record Jid(String local, String domain, String resource) {

  private static final int MAX_PART_BYTES = 1023;
  private static final int MAX_CHARS = 3 * (MAX_PART_BYTES + 1);
  private static final String FORBIDDEN_IN_LOCAL = "\"&'/:<>@";

  /** Parses and prepares; empty if {@code text} is no JID (RFC 6120: {@code jid-malformed}). */
  public static Optional<Jid> parse(String text) {
    if (text.length() > MAX_CHARS) {
      return Optional.empty(); // before any work that a client could make large
    }
    int slash = text.indexOf('/');
    String bare = slash < 0 ? text : text.substring(0, slash);
    int at = bare.indexOf('@');
    String local = at < 0 ? "" : bare.substring(0, at);
    String domain = bare.substring(at + 1);
    String resource = slash < 0 ? "" : text.substring(slash + 1);
    if ((at >= 0 && local.isEmpty()) || (slash >= 0 && resource.isEmpty())) {
      return Optional.empty();
    }
    Optional<String> preparedDomain = prepareDomain(domain);
    Optional<String> preparedLocal = local.isEmpty() ? Optional.of("") : prepareLocal(local);
    Optional<String> preparedResource =
        resource.isEmpty() ? Optional.of("") : prepareResource(resource);
    if (preparedDomain.isEmpty() || preparedLocal.isEmpty() || preparedResource.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Jid(preparedLocal.get(), preparedDomain.get(), preparedResource.get()));
  }

  /** The address without its resource. */
  public Jid bare() {
    return resource.isEmpty() ? this : new Jid(local, domain, "");
  }

  /** The same account with this prepared resource. */
  public Jid withResource(String resource) {
    return new Jid(local, domain, resource);
  }

  /** Whether it names one device. */
  public boolean isFull() {
    return !resource.isEmpty();
  }

  /** Prepares a local part (PRECIS UsernameCaseMapped, RFC 7622 section 3.3). */
  public static Optional<String> prepareLocal(String local) {
    if (local.length() > MAX_PART_BYTES) {
      return Optional.empty();
    }
    boolean plain = true;
    for (int i = 0; i < local.length(); i++) {
      char c = local.charAt(i);
      if (FORBIDDEN_IN_LOCAL.indexOf(c) >= 0 || c <= ' ' || c == 0x7f) {
        return Optional.empty();
      }
      plain &= c < 0x7f && !(c >= 'A' && c <= 'Z');
    }
    return plain ? withinBytes(local) : enforce(local, true).filter(Jid::hasNothingForbidden);
  }

  /** Width mapping turns full-width forms, such as that of @, into what is forbidden. */
  private static boolean hasNothingForbidden(String local) {
    return local.chars().allMatch(c -> FORBIDDEN_IN_LOCAL.indexOf(c) < 0 && c > ' ');
  }

  /** Prepares a resource (PRECIS OpaqueString, RFC 7622 section 3.4). */
  public static Optional<String> prepareResource(String resource) {
    if (resource.length() > MAX_PART_BYTES) {
      return Optional.empty();
    }
    boolean plain = true;
    for (int i = 0; i < resource.length(); i++) {
      char c = resource.charAt(i);
      if (c < ' ' || c == 0x7f) {
        return Optional.empty();
      }
      plain &= c < 0x7f;
    }
    return plain ? withinBytes(resource) : enforce(resource, false);
  }

  private static Optional<String> prepareDomain(String domain) {
    String name = domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c <= ' ' || (FORBIDDEN_IN_LOCAL.indexOf(c) >= 0 && c != ':') || c == 0x7f) {
        return Optional.empty();
      }
    }
    return withinBytes(name.toLowerCase(Locale.ROOT));
  }

  private static Optional<String> enforce(String part, boolean local) {
    try {
      return withinBytes(
          (local ? PrecisProfiles.USERNAME_CASE_MAPPED : PrecisProfiles.OPAQUE_STRING)
              .enforce(part));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> withinBytes(String part) {
    boolean fits =
        !part.isEmpty()
            && (part.length() * 3 <= MAX_PART_BYTES
                || part.getBytes(java.nio.charset.StandardCharsets.UTF_8).length <= MAX_PART_BYTES);
    return fits ? Optional.of(part) : Optional.empty();
  }

  /** The address as it is written in stanzas. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    if (!local.isEmpty()) {
      out.append(local).append('@');
    }
    out.append(domain);
    if (!resource.isEmpty()) {
      out.append('/').append(resource);
    }
    return out.toString();
  }
}
