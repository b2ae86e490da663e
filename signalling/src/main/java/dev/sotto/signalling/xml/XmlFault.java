package dev.sotto.signalling.xml;

/**
 * Input that ends a stream. {@link Kind} is the stream error of RFC 6120 section 4.9.3 that says
 * so; no stack trace, since hostile input must be cheap to refuse.
 */
public final class XmlFault extends Exception {

  private static final long serialVersionUID = 1L;

  /** Which rule was broken. */
  public enum Kind {
    /** Not XML. */
    NOT_WELL_FORMED,
    /** A DTD, processing instruction, comment or entity (RFC 6120 section 11.1). */
    RESTRICTED_XML,
    /** A prefix that nothing binds. */
    BAD_NAMESPACE_PREFIX,
    /** Larger or deeper than allowed. */
    POLICY_VIOLATION,
    /** Not UTF-8. */
    UNSUPPORTED_ENCODING,
    /** Text or elements where the stream allows none. */
    BAD_FORMAT
  }

  private final Kind kind;

  /** A fault with a sentence for the other side's developer. */
  public XmlFault(Kind kind, String message) {
    super(message, null, false, false);
    this.kind = kind;
  }

  /** Which rule was broken. */
  public Kind kind() {
    return kind;
  }
}
