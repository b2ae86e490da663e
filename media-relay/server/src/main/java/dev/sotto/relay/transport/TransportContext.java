package dev.sotto.relay.transport;

import dev.sotto.media.dtls.DtlsContext;
import dev.sotto.media.ice.IceResponder;
import dev.sotto.media.srtp.SrtpTransforms;
import dev.sotto.relay.statistics.Counters;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * What all transports of one worker share.
 *
 * @param random cryptographically strong
 * @param loop the worker's event loop
 */
public record TransportContext(
    IceResponder ice,
    DtlsContext dtls,
    SrtpTransforms srtp,
    Handshakes handshakes,
    AddressTable<EndpointTransport> addresses,
    PacketSink sink,
    RandomGenerator random,
    Executor loop,
    TransportLimits limits,
    Counters counters) {}
