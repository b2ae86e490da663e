package dev.sotto.relay.colibri;

import static dev.sotto.relay.colibri.Attributes.bad;

import dev.sotto.relay.control.Candidate;
import dev.sotto.relay.control.ControlException;
import dev.sotto.relay.control.DtlsSetup;
import dev.sotto.relay.control.ErrorCode;
import dev.sotto.relay.control.Fingerprint;
import dev.sotto.relay.control.IceCredentials;
import dev.sotto.relay.control.RemoteTransport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jitsi.xmpp.extensions.colibri2.Transport;
import org.jitsi.xmpp.extensions.jingle.CandidatePacketExtension;
import org.jitsi.xmpp.extensions.jingle.DtlsFingerprintPacketExtension;
import org.jitsi.xmpp.extensions.jingle.IceUdpTransportPacketExtension;

/** Reads an endpoint's side of its transport. */
final class TransportReader {
  private static final String SETUP = "setup";
  private static final String HASH = "hash";
  private static final String UDP = "udp";

  /** Candidates that are not of UDP: browsers send them always, and no relay answers them. */
  private static final Map<String, Boolean> IS_UDP =
      Map.of(UDP, true, "UDP", true, "tcp", false, "TCP", false, "ssltcp", false);

  private static final Map<String, DtlsSetup> SETUPS =
      Map.of(
          "active", DtlsSetup.ACTIVE, "passive", DtlsSetup.PASSIVE, "actpass", DtlsSetup.ACTPASS);

  private static final Map<String, Candidate.Type> TYPES =
      Map.of(
          "host", Candidate.Type.HOST,
          "srflx", Candidate.Type.SRFLX,
          "prflx", Candidate.Type.PRFLX,
          "relay", Candidate.Type.RELAY);

  private TransportReader() {}

  static RemoteTransport read(Transport transport) {
    if (Attributes.flag(transport, Transport.USE_UNIQUE_PORT_ATTR_NAME)) {
      throw new ControlException(
          ErrorCode.NOT_IMPLEMENTED,
          "use-unique-port: endpoints share the ports of the relay; leave it out");
    }
    // Said to be a boolean and no more: the relay is ICE-lite, and answers whoever controls.
    Attributes.flag(transport, Transport.ICE_CONTROLLING_ATTR_NAME);
    boolean iceRestart = Attributes.flag(transport, SottoElement.ICE_RESTART);
    IceUdpTransportPacketExtension ice = transport.getIceUdpTransport();
    if (ice == null) {
      return new RemoteTransport(
          Optional.empty(), Optional.empty(), List.of(), List.of(), iceRestart);
    }
    List<DtlsFingerprintPacketExtension> fingerprints =
        ice.getChildExtensionsOfType(DtlsFingerprintPacketExtension.class);
    return new RemoteTransport(
        credentials(ice),
        setup(fingerprints),
        fingerprints.stream().map(TransportReader::fingerprint).toList(),
        candidates(ice),
        iceRestart);
  }

  private static Optional<IceCredentials> credentials(IceUdpTransportPacketExtension ice) {
    Optional<String> ufrag = Attributes.text(ice, IceUdpTransportPacketExtension.UFRAG_ATTR_NAME);
    Optional<String> password = Attributes.text(ice, IceUdpTransportPacketExtension.PWD_ATTR_NAME);
    if (ufrag.isPresent() != password.isPresent()) {
      throw bad("transport has one of ufrag and pwd; give both or none");
    }
    return ufrag.map(u -> new IceCredentials(u, password.orElseThrow()));
  }

  private static Optional<DtlsSetup> setup(List<DtlsFingerprintPacketExtension> fingerprints) {
    Optional<DtlsSetup> setup = Optional.empty();
    for (DtlsFingerprintPacketExtension fingerprint : fingerprints) {
      Optional<DtlsSetup> said = Attributes.choice(fingerprint, SETUP, SETUPS);
      if (setup.isPresent() && said.isPresent() && !setup.equals(said)) {
        throw bad("fingerprints differ in setup; an endpoint has one role");
      }
      if (said.isPresent()) {
        setup = said;
      }
    }
    return setup;
  }

  private static Fingerprint fingerprint(DtlsFingerprintPacketExtension fingerprint) {
    String value = fingerprint.getFingerprint();
    if (value == null || value.isBlank()) {
      throw bad("fingerprint has no value");
    }
    return new Fingerprint(Attributes.requiredText(fingerprint, HASH), value.strip());
  }

  private static List<Candidate> candidates(IceUdpTransportPacketExtension ice) {
    List<Candidate> candidates = new ArrayList<>();
    for (CandidatePacketExtension candidate : ice.getCandidateList()) {
      if (Attributes.requiredChoice(
          candidate, CandidatePacketExtension.PROTOCOL_ATTR_NAME, IS_UDP)) {
        candidates.add(candidate(candidate));
      }
    }
    return candidates;
  }

  private static Candidate candidate(CandidatePacketExtension candidate) {
    if (Attributes.requiredInteger(candidate, CandidatePacketExtension.COMPONENT_ATTR_NAME)
        != CandidatePacketExtension.RTP_COMPONENT_ID) {
      throw bad("candidate of a component other than 1; use rtcp-mux");
    }
    Optional<String> relatedAddress =
        Attributes.text(candidate, CandidatePacketExtension.REL_ADDR_ATTR_NAME);
    OptionalInt relatedPort =
        Attributes.integer(candidate, CandidatePacketExtension.REL_PORT_ATTR_NAME);
    return new Candidate(
        Attributes.requiredText(candidate, CandidatePacketExtension.FOUNDATION_ATTR_NAME),
        Attributes.requiredNumber(candidate, CandidatePacketExtension.PRIORITY_ATTR_NAME),
        Attributes.requiredText(candidate, CandidatePacketExtension.IP_ATTR_NAME),
        Attributes.requiredInteger(candidate, CandidatePacketExtension.PORT_ATTR_NAME),
        Attributes.requiredChoice(candidate, CandidatePacketExtension.TYPE_ATTR_NAME, TYPES),
        relatedAddress.map(address -> new Candidate.Related(address, relatedPort.orElse(0))));
  }
}
