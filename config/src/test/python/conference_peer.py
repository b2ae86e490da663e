#!/usr/bin/python3
"""A member of a conference on a relay that shares no code with Sotto: aiortc, steered over COLIBRI2 REST.

    conference_peer.py --relay http://127.0.0.1:9091 --conference m --endpoint alice

Joins without receive slots, so that the others' sources come under their own SSRCs, and without Dependency Descriptor
and transport-wide feedback. What happens is printed as one JSON object a line: {"event": "joined"}, "connection" with
its state, "media" with counters once a second. It leaves when it is told to by the end of its input.
"""

import argparse
import asyncio
import json
import logging
import sys
import urllib.request

import aioice.ice
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.sdp import SessionDescription

from av_tracks import MovingPicture, Received, Tone

# Everything of a test stays on this machine, and the library leaves loopback out by itself.
aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]

MID = "urn:ietf:params:rtp-hdrext:sdes:mid"
LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"


def report(event, **details):
    print(json.dumps({"event": event, **details}), flush=True)


def extensions(media):
    """Its offer uses one number for two extensions, which one bundle cannot have: the audio level keeps it."""
    wanted = (MID, LEVEL) if media.kind == "audio" else (MID,)
    return [extension for extension in media.rtp.headerExtensions if extension.uri in wanted]


def codecs(media):
    return [c for c in media.rtp.codecs if c.mimeType.lower() in ("audio/opus", "video/vp8")] + [
        c for c in media.rtp.codecs if c.mimeType.lower() == "video/rtx" and c.parameters["apt"] == video_type(media)
    ]


def video_type(media):
    return next((c.payloadType for c in media.rtp.codecs if c.mimeType.lower() == "video/vp8"), None)


def media_of(media):
    return {
        "type": media.kind,
        "payload-types": [
            {
                "id": codec.payloadType,
                "name": codec.name,
                "clockrate": codec.clockRate,
                "channels": codec.channels or 1,
                "parameters": {name: str(value) for name, value in codec.parameters.items()},
                "rtcp-fbs": [
                    {"type": fb.type, "subtype": fb.parameter} if fb.parameter else {"type": fb.type}
                    for fb in codec.rtcpFeedback
                ],
            }
            for codec in codecs(media)
        ],
        "rtp-hdrexts": [{"id": extension.id, "uri": extension.uri} for extension in extensions(media)],
    }


def source_of(endpoint, media):
    source = {"type": media.kind, "id": "%s-%s0" % (endpoint, media.kind[0]), "sources": [s.ssrc for s in media.ssrc]}
    groups = [{"semantics": group.semantic, "sources": group.items} for group in media.ssrc_group]
    return {**source, "ssrc-groups": groups} if groups else source


def request_of(endpoint, offer):
    first = offer.media[0]  # the bundle's transport
    return {
        "endpoints": [
            {
                "id": endpoint,
                "create": True,
                "medias": [media_of(media) for media in offer.media],
                "sources": [source_of(endpoint, media) for media in offer.media],
                "transport": {
                    "ice-controlling": True,
                    "transport": {
                        "xmlns": "urn:xmpp:jingle:transports:ice-udp:1",
                        "rtcp-mux": True,
                        "ufrag": first.ice.usernameFragment,
                        "pwd": first.ice.password,
                        "fingerprints": [
                            {"hash": f.algorithm, "setup": "active", "fingerprint": f.value}
                            for f in first.dtls.fingerprints
                        ],
                    },
                },
            }
        ]
    }


def answer_of(offer, answer):
    transport = answer["endpoints"][0]["transport"]["transport"]
    fingerprint, candidate = transport["fingerprints"][0], transport["candidates"][0]
    lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0"]
    lines += ["a=group:BUNDLE " + " ".join(media.rtp.muxId for media in offer.media), "a=ice-lite"]
    for media in offer.media:
        types = [codec.payloadType for codec in codecs(media)]
        lines += ["m=%s 9 UDP/TLS/RTP/SAVPF %s" % (media.kind, " ".join(map(str, types))), "c=IN IP4 0.0.0.0"]
        lines += ["a=sendrecv", "a=mid:" + media.rtp.muxId, "a=rtcp-mux"]
        lines += ["a=extmap:%d %s" % (extension.id, extension.uri) for extension in extensions(media)]
        for codec in codecs(media):
            lines.append("a=rtpmap:%d %s" % (codec.payloadType, codec))
            for fb in codec.rtcpFeedback:
                lines.append("a=rtcp-fb:%d %s %s" % (codec.payloadType, fb.type, fb.parameter or ""))
            for name, value in codec.parameters.items():
                lines.append("a=fmtp:%d %s=%s" % (codec.payloadType, name, value))
        lines += ["a=ice-ufrag:" + transport["ufrag"], "a=ice-pwd:" + transport["pwd"]]
        lines += ["a=fingerprint:%s %s" % (fingerprint["hash"], fingerprint["fingerprint"]), "a=setup:passive"]
        lines += ["a=candidate:1 1 udp %s %s %s typ host" % (candidate["priority"], candidate["ip"], candidate["port"])]
        lines += ["a=end-of-candidates"]
    return "".join(line.strip() + "\r\n" for line in lines)


def patch(url, body):
    request = urllib.request.Request(
        url, json.dumps(body).encode(), {"Content-Type": "application/json"}, method="PATCH"
    )
    with urllib.request.urlopen(request, timeout=20) as response:
        return json.load(response)


async def watch(received):
    while True:
        await asyncio.sleep(1)  # the pace of reports, not a wait for something
        report("media", audio=received.audio_frames, video=received.video_frames, loudest=received.loudest)


async def run(options):
    connection, received = RTCPeerConnection(), Received()

    @connection.on("track")
    def on_track(track):
        asyncio.ensure_future(received.consume(track))

    @connection.on("connectionstatechange")
    async def on_state():
        report("connection", state=connection.connectionState)

    connection.addTrack(Tone())
    connection.addTrack(MovingPicture())
    await connection.setLocalDescription(await connection.createOffer())
    offer = SessionDescription.parse(connection.localDescription.sdp)
    url = "%s/colibri/v2/conferences/%s" % (options.relay, options.conference)
    loop = asyncio.get_running_loop()
    answer = await loop.run_in_executor(None, patch, url, request_of(options.endpoint, offer))
    report("joined", sources=[source["id"] for source in answer.get("sources", [])])
    await connection.setRemoteDescription(RTCSessionDescription(sdp=answer_of(offer, answer), type="answer"))
    reports = asyncio.ensure_future(watch(received))
    await loop.run_in_executor(None, sys.stdin.read)
    reports.cancel()
    await connection.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--relay", required=True, help="address of the relay's management port")
    parser.add_argument("--conference", required=True)
    parser.add_argument("--endpoint", required=True)
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
