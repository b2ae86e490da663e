package dev.sotto.benchmarks.relay;

import dev.sotto.media.dtls.DtlsRole;
import dev.sotto.media.dtls.Fingerprint;
import dev.sotto.media.ice.IceCredentials;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * SDP of a bundled session (RFC 8866, RFC 9143) as a list of lines, read for what a peer needs of
 * it. Where candidates are many, the first of component 1 over UDP and IPv4 counts.
 */
record SessionDescription(List<String> lines) {

  private static final String RTX = "rtx/90000";
  private static final String TRANSPORT_NUMBERS =
      Medium.extension(Medium.TRANSPORT_SEQUENCE_NUMBER_ID);

  SessionDescription {
    lines = List.copyOf(lines);
  }

  static SessionDescription parse(String sdp) {
    return new SessionDescription(
        sdp.lines().map(String::strip).filter(line -> !line.isEmpty()).toList());
  }

  /** One media section, with its m-line first. */
  record Section(List<String> lines) {
    /** {@code audio}, {@code video} or another. */
    String kind() {
      return lines.getFirst().substring("m=".length()).split(" ", 2)[0];
    }

    String mid() {
      return attribute(lines, "mid").orElseThrow(() -> missing("mid"));
    }

    /** The identifier of a header extension; empty when it is not offered. */
    Optional<Integer> extensionId(String uri) {
      return attributes(lines, "extmap")
          .filter(value -> value.split(" ", -1)[1].equals(uri))
          .map(value -> Integer.valueOf(value.split("[ /]", 2)[0]))
          .findFirst();
    }

    /** The payload type of an encoding such as {@code VP8/90000}; empty when it is not there. */
    Optional<Integer> payloadType(String rtpMap) {
      return attributes(lines, "rtpmap")
          .filter(value -> value.split(" ", 2)[1].equalsIgnoreCase(rtpMap))
          .map(value -> Integer.valueOf(value.split(" ", 2)[0]))
          .findFirst();
    }
  }

  List<Section> sections() {
    List<Section> sections = new ArrayList<>();
    int end = lines.size();
    for (int i = lines.size() - 1; i >= 0; i--) {
      if (lines.get(i).startsWith("m=")) {
        sections.addFirst(new Section(lines.subList(i, end)));
        end = i;
      }
    }
    return sections;
  }

  /** The identifier of transport-wide numbers; empty where they are not negotiated. */
  Optional<Integer> transportNumbersId() {
    return sections().stream()
        .flatMap(section -> section.extensionId(TRANSPORT_NUMBERS).stream())
        .findFirst();
  }

  /**
   * Where the other side takes media.
   *
   * @throws IllegalArgumentException when the description does not say
   */
  RemoteTransport transport() {
    String[] fingerprint = required("fingerprint").split(" ", 2);
    return new RemoteTransport(
        attributes(lines, "candidate")
            .flatMap(candidate -> address(candidate).stream())
            .findFirst()
            .orElseThrow(() -> missing("candidate")),
        new IceCredentials(required("ice-ufrag"), required("ice-pwd")),
        List.of(Fingerprint.parse(fingerprint[0], fingerprint[1])),
        role(required("setup")));
  }

  /** Whoever leaves the choice gets a server, whose favourite profile then counts. */
  private static DtlsRole role(String setup) {
    return DtlsRole.against(setup)
        .orElseThrow(() -> new IllegalArgumentException("no role against setup:" + setup));
  }

  private static Optional<InetSocketAddress> address(String candidate) {
    String[] parts = candidate.split(" ", -1);
    boolean fits =
        parts.length >= 8
            && parts[1].equals("1")
            && parts[2].equalsIgnoreCase("udp")
            && !parts[4].contains(":");
    return fits
        ? Optional.of(new InetSocketAddress(parts[4], Integer.parseInt(parts[5])))
        : Optional.empty();
  }

  private String required(String name) {
    return attribute(lines, name).orElseThrow(() -> missing(name));
  }

  private static IllegalArgumentException missing(String name) {
    return new IllegalArgumentException("the description has no a=" + name);
  }

  private static Optional<String> attribute(List<String> lines, String name) {
    return attributes(lines, name).findFirst();
  }

  private static java.util.stream.Stream<String> attributes(List<String> lines, String name) {
    String prefix = "a=" + name + ":";
    return lines.stream()
        .filter(line -> line.startsWith(prefix))
        .map(line -> line.substring(prefix.length()));
  }

  /** What a peer offers that only sends. */
  static SessionDescription offer(Peer peer, List<Medium> media) {
    List<String> lines = session(media.stream().map(Medium::sdpName).toList());
    for (Medium medium : media) {
      addMedia(lines, medium, medium == Medium.VIDEO, peer);
      addTransport(lines, peer, medium.sdpName(), "actpass", "sendonly");
      if (medium == Medium.AUDIO) {
        addExtension(lines, Medium.AUDIO_LEVEL_ID);
      }
      if (peer.media().offersTransportFeedback()) {
        addExtension(lines, Medium.TRANSPORT_SEQUENCE_NUMBER_ID);
      }
      for (RtpSource source : peer.media().sources()) {
        if (source.medium() == medium) {
          lines.add("a=msid:load " + medium.sdpName());
          if (medium == Medium.VIDEO) {
            lines.add("a=ssrc-group:FID " + source.ssrc() + " " + source.rtxSsrc());
            lines.add("a=ssrc:" + source.rtxSsrc() + " cname:load");
          }
          lines.add("a=ssrc:" + source.ssrc() + " cname:load");
        }
      }
    }
    return new SessionDescription(lines);
  }

  /** What a peer answers that takes all of what is offered and sends nothing. */
  SessionDescription answer(Peer peer) {
    List<String> answer = session(sections().stream().map(Section::mid).toList());
    for (Section section : sections()) {
      Medium medium = medium(section);
      addMedia(answer, medium, section.payloadType(RTX).isPresent(), peer);
      addTransport(answer, peer, section.mid(), "passive", "recvonly");
      if (peer.media().offersTransportFeedback()) {
        section
            .extensionId(TRANSPORT_NUMBERS)
            .ifPresent(id -> answer.add("a=extmap:" + id + " " + TRANSPORT_NUMBERS));
      }
    }
    return new SessionDescription(answer);
  }

  private static Medium medium(Section section) {
    return Arrays.stream(Medium.values())
        .filter(medium -> medium.sdpName().equals(section.kind()))
        .filter(medium -> section.payloadType(medium.rtpMap()).orElse(-1) == medium.payloadType())
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("not what was sent: " + section.lines().getFirst()));
  }

  private static List<String> session(List<String> mids) {
    return new ArrayList<>(
        List.of(
            "v=0",
            "o=- 1 1 IN IP4 0.0.0.0",
            "s=-",
            "t=0 0",
            "a=group:BUNDLE " + String.join(" ", mids),
            "a=msid-semantic: WMS *"));
  }

  /** The m-line and what the peer can do with its payload types. */
  private static void addMedia(List<String> lines, Medium medium, boolean withRtx, Peer peer) {
    int type = medium.payloadType();
    String rtx = withRtx ? " " + Medium.RTX_PAYLOAD_TYPE : "";
    lines.add("m=" + medium.sdpName() + " 9 UDP/TLS/RTP/SAVPF " + type + rtx);
    lines.add("c=IN IP4 0.0.0.0");
    lines.add("a=rtpmap:" + type + " " + medium.rtpMap());
    if (peer.media().offersTransportFeedback()) {
      lines.add("a=rtcp-fb:" + type + " transport-cc");
    }
    if (medium == Medium.VIDEO) {
      lines.add("a=rtcp-fb:" + type + " nack");
      lines.add("a=rtcp-fb:" + type + " nack pli");
    }
    if (withRtx) {
      lines.add("a=rtpmap:" + Medium.RTX_PAYLOAD_TYPE + " " + RTX);
      lines.add("a=fmtp:" + Medium.RTX_PAYLOAD_TYPE + " apt=" + type);
    }
  }

  private static void addTransport(
      List<String> lines, Peer peer, String mid, String setup, String direction) {
    lines.addAll(
        List.of(
            "a=mid:" + mid,
            "a=" + direction,
            "a=rtcp-mux",
            "a=ice-ufrag:" + peer.credentials().ufrag(),
            "a=ice-pwd:" + peer.credentials().password(),
            "a=fingerprint:" + peer.fingerprint().hash().token() + " " + peer.fingerprint().value(),
            "a=setup:" + setup));
  }

  private static void addExtension(List<String> lines, int id) {
    lines.add("a=extmap:" + id + " " + Medium.extension(id));
  }

  @Override
  public String toString() {
    return String.join("\r\n", lines) + "\r\n";
  }
}
