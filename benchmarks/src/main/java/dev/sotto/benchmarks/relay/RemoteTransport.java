package dev.sotto.benchmarks.relay;

import dev.sotto.media.dtls.DtlsRole;
import dev.sotto.media.dtls.Fingerprint;
import dev.sotto.media.ice.IceCredentials;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Where a server takes a peer's media, as it said in SDP or COLIBRI.
 *
 * @param role the peer's, against what the server announced
 */
record RemoteTransport(
    InetSocketAddress address,
    IceCredentials credentials,
    List<Fingerprint> fingerprints,
    DtlsRole role) {}
