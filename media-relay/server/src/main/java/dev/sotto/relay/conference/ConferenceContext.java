package dev.sotto.relay.conference;

import dev.sotto.relay.statistics.Counters;
import dev.sotto.relay.transport.TransportContext;
import java.util.random.RandomGenerator;

/**
 * What all conferences of one worker share.
 *
 * @param random cryptographically strong
 */
public record ConferenceContext(
    TransportContext transport,
    TimerWheel timers,
    PacketPool packets,
    ConferenceSettings settings,
    RandomGenerator random,
    Counters counters) {}
