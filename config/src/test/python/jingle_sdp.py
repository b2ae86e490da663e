"""Jingle (XEP-0166, 0167, 0176, 0320, 0293, 0294, 0338, 0339) to SDP and back, for the peer in peer.py.

Written against the XEPs alone and sharing nothing with Sotto's own clients: where both sides of a call were translated
by one hand, a mistake in the translation would not be seen.
"""

from xml.etree.ElementTree import Element, SubElement

JINGLE = "urn:xmpp:jingle:1"
RTP = "urn:xmpp:jingle:apps:rtp:1"
ICE = "urn:xmpp:jingle:transports:ice-udp:1"
DTLS = "urn:xmpp:jingle:apps:dtls:0"
FEEDBACK = "urn:xmpp:jingle:apps:rtp:rtcp-fb:0"
HEADER_EXTENSION = "urn:xmpp:jingle:apps:rtp:rtp-hdrext:0"
GROUPING = "urn:xmpp:jingle:apps:grouping:0"
# aiortc 1.4 numbers this one as it numbers the audio level, in the same bundle, and then misreads both.
ABS_SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"

SOURCE = "urn:xmpp:jingle:apps:rtp:ssma:0"


def parse_candidate(line):
    """A candidate attribute ("candidate:1 1 udp …", RFC 8839 section 5.1) as attributes of XEP-0176."""
    fields = line.removeprefix("a=").removeprefix("candidate:").split()
    candidate = {
        "foundation": fields[0],
        "component": fields[1],
        "protocol": fields[2].lower(),
        "priority": fields[3],
        "ip": fields[4],
        "port": fields[5],
        "type": fields[7],
        "generation": "0",
        "id": "c" + "".join(c for c in fields[0] + fields[4] + fields[5] if c.isalnum()),
        "network": "0",
    }
    rest = fields[8:]
    for name, value in zip(rest[::2], rest[1::2]):
        if name == "raddr":
            candidate["rel-addr"] = value
        elif name == "rport":
            candidate["rel-port"] = value
    return candidate


def print_candidate(candidate):
    """The candidate attribute of an XEP-0176 <candidate/>."""
    line = "candidate:{foundation} {component} {protocol} {priority} {ip} {port} typ {type}".format(**candidate.attrib)
    if "rel-addr" in candidate.attrib:
        line += " raddr {} rport {}".format(candidate.attrib["rel-addr"], candidate.attrib.get("rel-port", "0"))
    return line


def _sections(sdp):
    head, *media = sdp.replace("\r\n", "\n").split("\nm=")
    return head.split("\n"), [("m=" + section).strip().split("\n") for section in media]


def _attribute(lines, name):
    return next((line.split(":", 1)[1] for line in lines if line.startswith("a=" + name + ":")), None)


def _attributes(lines, name):
    return [line.split(":", 1)[1] for line in lines if line.startswith("a=" + name + ":")]


def to_jingle(sdp, action, sid, initiator, relay_only=False):
    """The <jingle/> for a local description."""
    head, media = _sections(sdp)
    jingle = Element("{%s}jingle" % JINGLE, {"action": action, "sid": sid, "initiator": initiator})
    group = next((line.split()[1:] for line in head if line.startswith("a=group:BUNDLE")), [])
    if group:
        element = SubElement(jingle, "{%s}group" % GROUPING, {"semantics": "BUNDLE"})
        for name in group:
            SubElement(element, "{%s}content" % GROUPING, {"name": name})
    for lines in media:
        _content(jingle, lines, relay_only)
    return jingle


def _content(jingle, lines, relay_only):
    kind, _, _, *payload_types = lines[0].removeprefix("m=").split()
    senders = {"sendrecv": "both", "sendonly": "initiator", "recvonly": "responder", "inactive": "none"}
    direction = next((line[2:] for line in lines if line[2:] in senders), "sendrecv")
    content = SubElement(
        jingle,
        "{%s}content" % JINGLE,
        {"creator": "initiator", "name": _attribute(lines, "mid"), "senders": senders[direction]},
    )
    description = SubElement(content, "{%s}description" % RTP, {"media": kind})
    names = dict(value.split(" ", 1) for value in _attributes(lines, "rtpmap"))
    for payload_type in payload_types:
        name, rate, *channels = names[payload_type].split("/")
        attributes = {"id": payload_type, "name": name, "clockrate": rate}
        if channels:
            attributes["channels"] = channels[0]
        element = SubElement(description, "{%s}payload-type" % RTP, attributes)
        for value in _attributes(lines, "fmtp"):
            if value.split(" ", 1)[0] == payload_type:
                for parameter in value.split(" ", 1)[1].split(";"):
                    key, _, setting = parameter.strip().partition("=")
                    SubElement(element, "{%s}parameter" % RTP, {"name": key, "value": setting})
        for value in _attributes(lines, "rtcp-fb"):
            target, kind_of_feedback, *subtype = value.split()
            if target == payload_type:
                feedback = SubElement(element, "{%s}rtcp-fb" % FEEDBACK, {"type": kind_of_feedback})
                if subtype:
                    feedback.set("subtype", " ".join(subtype))
    for value in _attributes(lines, "extmap"):
        number, uri = value.split()[:2]
        if uri == ABS_SEND_TIME:
            continue
        SubElement(description, "{%s}rtp-hdrext" % HEADER_EXTENSION, {"id": number.split("/")[0], "uri": uri})
    _sources(description, lines)
    SubElement(description, "{%s}rtcp-mux" % RTP)
    transport = SubElement(
        content, "{%s}transport" % ICE, {"ufrag": _attribute(lines, "ice-ufrag"), "pwd": _attribute(lines, "ice-pwd")}
    )
    for value in _attributes(lines, "fingerprint"):
        algorithm, digest = value.split()
        fingerprint = SubElement(
            transport, "{%s}fingerprint" % DTLS, {"hash": algorithm, "setup": _attribute(lines, "setup")}
        )
        fingerprint.text = digest
    for line in lines:
        if line.startswith("a=candidate:"):
            candidate = parse_candidate(line)
            if candidate["component"] == "1" and (not relay_only or candidate["type"] == "relay"):
                SubElement(transport, "{%s}candidate" % ICE, candidate)


def _sources(description, lines):
    by_ssrc = {}
    for value in _attributes(lines, "ssrc"):
        ssrc, _, parameter = value.partition(" ")
        by_ssrc.setdefault(ssrc, []).append(parameter.partition(":"))
    for ssrc, parameters in by_ssrc.items():
        source = SubElement(description, "{%s}source" % SOURCE, {"ssrc": ssrc})
        for name, _, value in parameters:
            SubElement(source, "{%s}parameter" % SOURCE, {"name": name, "value": value})


def to_sdp(jingle, offer):
    """The description of the other side; `offer` says whether it offers or answers."""
    contents = jingle.findall("{%s}content" % JINGLE)
    lines = ["v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=-", "t=0 0"]
    group = jingle.find("{%s}group" % GROUPING)
    if group is not None:
        lines.append("a=group:BUNDLE " + " ".join(c.get("name") for c in group.findall("{%s}content" % GROUPING)))
    lines.append("a=msid-semantic:WMS *")
    for content in contents:
        lines += _media(content, offer)
    return "\r\n".join(lines) + "\r\n"


def _media(content, offer):
    description = content.find("{%s}description" % RTP)
    transport = content.find("{%s}transport" % ICE)
    payload_types = description.findall("{%s}payload-type" % RTP)
    lines = [
        "m=%s 9 UDP/TLS/RTP/SAVPF %s" % (description.get("media"), " ".join(p.get("id") for p in payload_types)),
        "c=IN IP4 0.0.0.0",
        "a=mid:" + content.get("name"),
        "a=rtcp-mux",
    ]
    # "initiator" sends: for an offer that is the one who describes, for an answer it is the one who reads.
    directions = {
        "both": "sendrecv",
        "none": "inactive",
        "initiator": "sendonly" if offer else "recvonly",
        "responder": "recvonly" if offer else "sendonly",
    }
    lines.append("a=" + directions[content.get("senders", "both")])
    lines += ["a=ice-ufrag:" + transport.get("ufrag"), "a=ice-pwd:" + transport.get("pwd")]
    fingerprint = transport.find("{%s}fingerprint" % DTLS)
    lines += [
        "a=fingerprint:%s %s" % (fingerprint.get("hash"), fingerprint.text.strip()),
        "a=setup:" + fingerprint.get("setup"),
    ]
    for extension in description.findall("{%s}rtp-hdrext" % HEADER_EXTENSION):
        lines.append("a=extmap:%s %s" % (extension.get("id"), extension.get("uri")))
    for payload_type in payload_types:
        lines += _payload_type(payload_type)
    for source in description.findall("{%s}source" % SOURCE):
        for parameter in source.findall("{%s}parameter" % SOURCE):
            lines.append("a=ssrc:%s %s:%s" % (source.get("ssrc"), parameter.get("name"), parameter.get("value")))
    lines += ["a=" + print_candidate(candidate) for candidate in transport.findall("{%s}candidate" % ICE)]
    return lines


def _payload_type(element):
    number = element.get("id")
    name = "%s/%s" % (element.get("name"), element.get("clockrate"))
    if element.get("channels", "1") != "1":
        name += "/" + element.get("channels")
    lines = ["a=rtpmap:%s %s" % (number, name)]
    parameters = [
        p.get("name") + "=" + p.get("value") if p.get("name") else p.get("value")
        for p in element.findall("{%s}parameter" % RTP)
    ]
    if parameters:
        lines.append("a=fmtp:%s %s" % (number, ";".join(parameters)))
    for feedback in element.findall("{%s}rtcp-fb" % FEEDBACK):
        lines.append(
            " ".join(filter(None, ["a=rtcp-fb:" + number, feedback.get("type"), feedback.get("subtype")]))
        )
    return lines
