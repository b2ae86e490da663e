package dev.sotto.relay.control;

/**
 * How much a request may ask for. What is beyond is refused with a code of its own; lengths are in
 * UTF-16 units.
 *
 * @param conferences at one time on this relay
 * @param endpointsPerConference at one time
 * @param sourcesPerEndpoint that an endpoint sends
 * @param encodingsPerSource simulcast layers of one source
 * @param ssrcsPerEndpoint that an endpoint sends, RTX included
 * @param slotsPerKind receive slots for audio, and as many for video
 * @param constrainedSources sources that a receiver names in its constraints
 * @param payloadTypesPerMedia of audio, and as many of video
 * @param parametersPerPayloadType format parameters
 * @param feedbackPerPayloadType kinds of RTCP feedback
 * @param headerExtensionsPerMedia of audio, and as many of video
 * @param fingerprints of an endpoint's DTLS certificates
 * @param candidates of an endpoint in one ICE generation
 * @param idLength of ids of conferences, endpoints and sources
 * @param textLength of any other string
 */
public record ControlLimits(
    int conferences,
    int endpointsPerConference,
    int sourcesPerEndpoint,
    int encodingsPerSource,
    int ssrcsPerEndpoint,
    int slotsPerKind,
    int constrainedSources,
    int payloadTypesPerMedia,
    int parametersPerPayloadType,
    int feedbackPerPayloadType,
    int headerExtensionsPerMedia,
    int fingerprints,
    int candidates,
    int idLength,
    int textLength) {

  /**
   * Room for what browsers offer (Chromium: about 40 video payload types, 15 extensions), twice
   * over; endpoints for one sender to thousands of receivers on one worker.
   */
  public static final ControlLimits DEFAULT =
      new ControlLimits(5_000, 3_000, 16, 8, 64, 64, 512, 96, 32, 16, 32, 4, 32, 256, 1_024);

  /** The same with another number of conferences. */
  public ControlLimits withConferences(int most) {
    return new ControlLimits(
        most,
        endpointsPerConference,
        sourcesPerEndpoint,
        encodingsPerSource,
        ssrcsPerEndpoint,
        slotsPerKind,
        constrainedSources,
        payloadTypesPerMedia,
        parametersPerPayloadType,
        feedbackPerPayloadType,
        headerExtensionsPerMedia,
        fingerprints,
        candidates,
        idLength,
        textLength);
  }

  /** The same with another number of endpoints. */
  public ControlLimits withEndpointsPerConference(int most) {
    return new ControlLimits(
        conferences,
        most,
        sourcesPerEndpoint,
        encodingsPerSource,
        ssrcsPerEndpoint,
        slotsPerKind,
        constrainedSources,
        payloadTypesPerMedia,
        parametersPerPayloadType,
        feedbackPerPayloadType,
        headerExtensionsPerMedia,
        fingerprints,
        candidates,
        idLength,
        textLength);
  }
}
