package dev.sotto.relay.control;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An RTP payload type (XEP-0167 section 5.1).
 *
 * @param number 0 to 127; no two formats of an endpoint share it
 * @param parameters of the format in their order; the name is empty where a format has but a value,
 *     as RED does
 */
public record PayloadType(
    int number,
    String name,
    int clockRateHz,
    int channels,
    Map<String, String> parameters,
    List<RtcpFeedback> feedback) {
  public PayloadType {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    feedback = List.copyOf(feedback);
  }
}
