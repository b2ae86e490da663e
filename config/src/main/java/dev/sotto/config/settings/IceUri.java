package dev.sotto.config.settings;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A STUN or TURN server as RFC 7064 and RFC 7065 write it: {@code turn:host:3478?transport=udp}.
 */
public record IceUri(Scheme scheme, HostName host, int port, Transport transport) {

  private static final Pattern FORM =
      Pattern.compile(
          "(stun|turn|turns):(\\[[0-9a-fA-F:.]+\\]|[^:\\[\\]?]+)(?::(\\d{1,5}))?(?:\\?transport=(udp|tcp))?");
  private static final int DEFAULT_PORT = 3478;
  private static final int DEFAULT_TLS_PORT = 5349;
  private static final int MAX_PORT = 65_535;

  /** The URI's scheme. */
  public enum Scheme {
    STUN,
    TURN,
    TURNS
  }

  /** The transport to the server. */
  public enum Transport {
    UDP,
    TCP
  }

  static IceUri parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException();
    }
    Scheme scheme = Scheme.valueOf(form.group(1).toUpperCase(Locale.ROOT));
    String host = form.group(2).replace("[", "").replace("]", "");
    boolean tls = scheme == Scheme.TURNS;
    int port =
        form.group(3) == null
            ? (tls ? DEFAULT_TLS_PORT : DEFAULT_PORT)
            : Integer.parseInt(form.group(3));
    if (port < 1 || port > MAX_PORT) {
      throw new IllegalArgumentException();
    }
    Transport transport =
        form.group(4) == null
            ? (tls ? Transport.TCP : Transport.UDP)
            : Transport.valueOf(form.group(4).toUpperCase(Locale.ROOT));
    return new IceUri(scheme, HostName.parse(host), port, transport);
  }
}
