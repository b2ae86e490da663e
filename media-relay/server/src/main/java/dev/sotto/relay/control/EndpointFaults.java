package dev.sotto.relay.control;

/** Makes the refusals of one endpoint, all of which name it. */
final class EndpointFaults {
  private final ControlLimits limits;
  private final String endpointId;

  EndpointFaults(ControlLimits limits, String endpointId) {
    this.limits = limits;
    this.endpointId = endpointId;
  }

  // The annotation that the check asks for would be the module's only use of its library.
  @SuppressWarnings("AnnotateFormatMethod")
  ControlException fault(ErrorCode code, String format, Object... values) {
    return new ControlException(
        code,
        endpointId,
        "endpoint %s: ".formatted(Texts.quoted(endpointId)) + format.formatted(values));
  }

  @SuppressWarnings("AnnotateFormatMethod")
  ControlException bad(String format, Object... values) {
    return fault(ErrorCode.BAD_REQUEST, format, values);
  }

  void checkCount(ErrorCode code, String what, int count, int most) {
    if (count > most) {
      throw fault(code, "%d %s, at most %d are taken", count, what, most);
    }
  }

  void checkId(String what, String id) {
    checkLength(what, id, limits.idLength());
    if (id.isBlank() || !Texts.isPlain(id)) {
      throw bad("%s %s is blank or has control characters", what, Texts.quoted(id));
    }
  }

  /** A word of a protocol: visible ASCII without spaces. */
  void checkToken(String what, String token) {
    checkLength(what, token, limits.textLength());
    if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw bad("%s %s is empty or has other than visible ASCII", what, Texts.quoted(token));
    }
  }

  void checkText(String what, String text) {
    checkLength(what, text, limits.textLength());
    if (!Texts.isPlain(text)) {
      throw bad("%s %s has control characters", what, Texts.quoted(text));
    }
  }

  private void checkLength(String what, String text, int most) {
    if (text.length() > most) {
      throw fault(
          ErrorCode.LIMIT_LENGTH,
          "%s %s is longer than %d characters",
          what,
          Texts.quoted(text),
          most);
    }
  }
}
