package dev.sotto.relay.control;

/** What a plan does to one endpoint. */
public sealed interface EndpointStep {
  String endpointId();

  /** It comes to be. */
  record Created(EndpointState now) implements EndpointStep {
    @Override
    public String endpointId() {
      return now.id();
    }
  }

  /**
   * It changes.
   *
   * @param iceRestart whether the relay's credentials are to be new
   */
  record Modified(EndpointState before, EndpointState now, boolean iceRestart)
      implements EndpointStep {
    @Override
    public String endpointId() {
      return now.id();
    }
  }

  /** It leaves. */
  record Expired(EndpointState before) implements EndpointStep {
    @Override
    public String endpointId() {
      return before.id();
    }
  }

  /** It was to leave and is not there. */
  record Absent(String endpointId) implements EndpointStep {}
}
