package dev.sotto.relay.control;

/** What becomes of one endpoint. */
public sealed interface EndpointChange {
  /** Chosen by whoever creates the endpoint; unique in its conference. */
  String endpointId();

  /** A new endpoint. The answer has the relay's transport for it. */
  record Create(String endpointId, EndpointSettings settings) implements EndpointChange {}

  /** An endpoint that is there already: what the settings do not name stays as it is. */
  record Modify(String endpointId, EndpointSettings settings) implements EndpointChange {}

  /** The endpoint leaves; that it has left already is no error. */
  record Expire(String endpointId) implements EndpointChange {}
}
