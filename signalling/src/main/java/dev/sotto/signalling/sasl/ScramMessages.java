package dev.sotto.signalling.sasl;

import java.util.Optional;

/** What a SCRAM client says (RFC 5802 sections 5 and 7). */
final class ScramMessages {

  private static final int MAX_NONCE_CHARS = 1024;

  private ScramMessages() {}

  /**
   * {@code gs2-header n=NAME,r=NONCE[,extensions]}.
   *
   * @param bare the message without its header
   */
  record First(Gs2Header header, String name, String nonce, String bare) {

    /**
     * Empty for what is none, which one is with a mandatory extension ({@code m=}) too: none is
     * known.
     */
    static Optional<First> parse(byte[] message) {
      return SaslText.decodeUtf8(message)
          .flatMap(text -> Gs2Header.parse(text).flatMap(header -> parse(text, header)));
    }

    private static Optional<First> parse(String text, Gs2Header header) {
      String bare = text.substring(header.text().length());
      String[] parts = bare.split(",", -1);
      if (parts.length < 2 || !parts[0].startsWith("n=") || !parts[1].startsWith("r=")) {
        return Optional.empty();
      }
      String nonce = parts[1].substring(2);
      if (!isNonce(nonce) || !areExtensions(parts, 2, parts.length)) {
        return Optional.empty();
      }
      return Gs2Header.decodeName(parts[0].substring(2))
          .filter(name -> !name.isEmpty())
          .map(name -> new First(header, name, nonce, bare));
    }

    /** Never shows more than the name. */
    @Override
    public String toString() {
      return "First[" + name + "]";
    }
  }

  /**
   * {@code c=BINDING,r=NONCE[,extensions],p=PROOF}.
   *
   * @param binding still in base64
   * @param withoutProof what the proof is over
   */
  record Final(String binding, String nonce, String proof, String withoutProof) {

    static Optional<Final> parse(byte[] message) {
      return SaslText.decodeUtf8(message).flatMap(Final::parse);
    }

    private static Optional<Final> parse(String text) {
      String[] parts = text.split(",", -1);
      int last = parts.length - 1;
      boolean wellFormed =
          last >= 2
              && parts[0].startsWith("c=")
              && parts[1].startsWith("r=")
              && parts[last].startsWith("p=")
              && areExtensions(parts, 2, last);
      return wellFormed
          ? Optional.of(
              new Final(
                  parts[0].substring(2),
                  parts[1].substring(2),
                  parts[last].substring(2),
                  text.substring(0, text.length() - parts[last].length() - 1)))
          : Optional.empty();
    }

    /** Never shows the proof. */
    @Override
    public String toString() {
      return "Final[]";
    }
  }

  private static boolean isNonce(String nonce) {
    return !nonce.isEmpty()
        && nonce.length() <= MAX_NONCE_CHARS
        && nonce.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }

  /** Optional extensions may be ignored; each is a letter, an equals sign and a value. */
  private static boolean areExtensions(String[] parts, int from, int to) {
    for (int i = from; i < to; i++) {
      String part = parts[i];
      boolean wellFormed =
          part.length() > 2
              && part.charAt(1) == '='
              && Character.isLetter(part.charAt(0))
              && part.charAt(0) < 0x7f
              && "mnrcpsi".indexOf(part.charAt(0)) < 0
              && part.indexOf('\0') < 0;
      if (!wellFormed) {
        return false;
      }
    }
    return true;
  }
}
