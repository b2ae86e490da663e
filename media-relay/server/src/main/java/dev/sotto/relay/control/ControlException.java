package dev.sotto.relay.control;

import java.util.Optional;

/**
 * A request that was refused, and that has changed nothing. The message is one line for the person
 * who sent it: what is wrong and what is allowed. It has no stack trace: the fault is in the
 * request, and refusing thousands must stay cheap.
 */
public final class ControlException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  /** Empty when the refusal is about no endpoint in particular. */
  private final String endpointId;

  public ControlException(ErrorCode code, String message) {
    this(code, "", message);
  }

  /**
   * @param endpointId the endpoint that the refusal is about
   */
  public ControlException(ErrorCode code, String endpointId, String message) {
    super(message, null, false, false);
    this.code = code;
    this.endpointId = endpointId;
  }

  public ErrorCode code() {
    return code;
  }

  /** The endpoint that the refusal is about, if it is about one. */
  public Optional<String> endpointId() {
    return endpointId.isEmpty() ? Optional.empty() : Optional.of(endpointId);
  }
}
