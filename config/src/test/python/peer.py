#!/usr/bin/python3
"""A calling peer that shares no code with Sotto: slixmpp for XMPP, aiortc for media.

    peer.py --server 127.0.0.1:5222 --jid bob@localhost --call alice@localhost
    peer.py --server 127.0.0.1:5222 --jid bob@localhost --answer

The token is read from the environment (SOTTO_TOKEN). What happens is printed as one JSON object a line: {"event":
"online"}, "ringing", "connected", "media" with counters once a second, "ended" with its reason. It follows XEP-0353
as of version 0.6 (answers to bare JIDs) with --jmi 0.6 and as of 0.8 (to full JIDs) by default, sends no trickled
candidates and understands received ones.
"""

import argparse
import asyncio
import json
import os
import ssl
import sys
import uuid
from xml.etree.ElementTree import Element, SubElement

import aioice.ice
import slixmpp
from aiortc import RTCConfiguration, RTCIceServer, RTCPeerConnection, RTCSessionDescription
from aiortc.sdp import candidate_from_sdp
from slixmpp.xmlstream.handler import CoroutineCallback
from slixmpp.xmlstream.matcher import MatchXPath

import jingle_sdp
from av_tracks import MovingPicture, Received, Tone
from jingle_sdp import ICE, JINGLE

JMI = "urn:xmpp:jingle-message:0"
HINTS = "urn:xmpp:hints"
EXTERNAL_SERVICES = "urn:xmpp:extdisco:2"

# Everything of a test stays on this machine, and the library leaves loopback out by itself.
aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]


def report(event, **details):
    print(json.dumps({"event": event, **details}), flush=True)


class Peer(slixmpp.ClientXMPP):
    def __init__(self, options, token):
        super().__init__(options.jid, token)
        self.options = options
        self.sid = None
        self.other = None
        self.initiator = None
        self.connection = None
        self.received = Received()
        self.finished = self.loop.create_future()
        self.early_candidates = []
        self.ssl_context = ssl.create_default_context()
        self.ssl_context.check_hostname = False
        self.ssl_context.verify_mode = ssl.CERT_NONE  # the development certificate is its own issuer
        self.get_ssl_context = lambda: self.ssl_context
        self.add_event_handler("session_start", self.on_start)
        self.add_event_handler("failed_all_auth", lambda _: self.end("authentication failed"))
        self.register_handler(
            CoroutineCallback("jmi", MatchXPath("{jabber:client}message"), self.on_message)
        )
        self.register_handler(
            CoroutineCallback("jingle", MatchXPath("{jabber:client}iq/{%s}jingle" % JINGLE), self.on_jingle)
        )

    async def on_start(self, _):
        self.send_presence()
        await self.get_roster()
        report("online", jid=str(self.boundjid), encrypted=self.transport.get_extra_info("cipher") is not None)
        if self.options.call:
            self.sid = str(uuid.uuid4())
            self.initiator = str(self.boundjid)
            propose = Element("{%s}propose" % JMI, {"id": self.sid})
            for media in ("audio",) if self.options.audio_only else ("audio", "video"):
                SubElement(propose, "{%s}description" % jingle_sdp.RTP, {"media": media})
            self.send_jmi(self.options.call, propose)
            report("proposed", sid=self.sid)

    def send_jmi(self, to, payload):
        message = self.make_message(mto=to, mtype="chat")
        message.xml.append(payload)
        message.xml.append(Element("{%s}store" % HINTS))
        message.send()

    def jmi_address(self, jid):
        return slixmpp.JID(jid).bare if self.options.jmi == "0.6" else jid

    async def on_message(self, message):
        payload = next((child for child in message.xml if child.tag.startswith("{%s}" % JMI)), None)
        if message["type"] == "error":
            if self.options.call and self.connection is None:
                self.end("error " + str(message["error"]["condition"]))
            return
        if payload is None or message["from"].bare == self.boundjid.bare:
            return
        name, sid = payload.tag.split("}")[1], payload.get("id")
        sender = str(message["from"])
        if name == "propose" and self.options.answer and self.sid is None:
            self.sid, self.other, self.initiator = sid, sender, sender
            report("incoming", sid=sid, sender=sender)
            self.send_jmi(self.jmi_address(sender), Element("{%s}ringing" % JMI, {"id": sid}))
            self.send_jmi(self.jmi_address(sender), Element("{%s}proceed" % JMI, {"id": sid}))
        elif sid != self.sid:
            return
        elif name == "ringing":
            report("ringing", sender=sender)
        elif name == "proceed" and self.other is None:
            self.other = sender
            await self.initiate()
        elif name in ("reject", "retract"):
            self.end(name)

    async def prepare(self):
        services = Element("{%s}services" % EXTERNAL_SERVICES)
        request = self.make_iq_get(ito=self.boundjid.domain)
        request.xml.append(services)
        answer = await request.send()
        servers = []
        for service in answer.xml.iter("{%s}service" % EXTERNAL_SERVICES):
            if service.get("transport", "udp") == "udp" and service.get("type") in ("stun", "turn"):
                url = "%s:%s:%s" % (service.get("type"), service.get("host"), service.get("port"))
                servers.append(
                    RTCIceServer(urls=url, username=service.get("username"), credential=service.get("password"))
                )
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=servers))

        @self.connection.on("track")
        def on_track(track):
            asyncio.ensure_future(self.received.consume(track))

        @self.connection.on("connectionstatechange")
        async def on_state():
            state = self.connection.connectionState
            report("connection", state=state)
            if state == "connected":
                asyncio.ensure_future(self.watch())
            elif state == "failed":
                self.end("connection failed")

    def add_tracks(self):
        self.connection.addTrack(Tone())
        if not self.options.audio_only:
            self.connection.addTrack(MovingPicture())

    async def initiate(self):
        await self.prepare()
        self.add_tracks()
        await self.connection.setLocalDescription(await self.connection.createOffer())
        await self.send_description("session-initiate")

    async def send_description(self, action):
        description = self.connection.localDescription.sdp
        jingle = jingle_sdp.to_jingle(description, action, self.sid, self.initiator, self.options.relay_only)
        if action == "session-accept":
            jingle.set("responder", str(self.boundjid))
        await self.send_iq(jingle)

    async def send_iq(self, jingle):
        iq = self.make_iq_set(ito=self.other)
        iq.xml.append(jingle)
        await iq.send()

    async def on_jingle(self, iq):
        jingle = iq.xml.find("{%s}jingle" % JINGLE)
        if jingle.get("sid") != self.sid or str(iq["from"]) != self.other:
            error = iq.reply()
            error.error()
            error["error"]["condition"] = "item-not-found"
            error["error"]["type"] = "cancel"
            error.send()
            return
        iq.reply().send()
        action = jingle.get("action")
        if action == "session-initiate":
            await self.prepare()
            await self.describe(jingle, offer=True)
            self.add_tracks()
            await self.connection.setLocalDescription(await self.connection.createAnswer())
            await self.send_description("session-accept")
        elif action == "session-accept":
            await self.describe(jingle, offer=False)
        elif action == "transport-info":
            await self.add_candidates(jingle)
        elif action == "session-terminate":
            reason = jingle.find("{%s}reason" % JINGLE)
            self.end("terminated " + (reason[0].tag.split("}")[1] if reason is not None and len(reason) else ""))

    async def describe(self, jingle, offer):
        sdp = jingle_sdp.to_sdp(jingle, offer)
        await self.connection.setRemoteDescription(
            RTCSessionDescription(sdp=sdp, type="offer" if offer else "answer")
        )
        for early in self.early_candidates:
            await self.add_candidates(early)
        self.early_candidates = []

    async def add_candidates(self, jingle):
        if self.connection is None or self.connection.remoteDescription is None:
            self.early_candidates.append(jingle)
            return
        for content in jingle.findall("{%s}content" % JINGLE):
            for element in content.iter("{%s}candidate" % ICE):
                if element.get("protocol").lower() == "udp" and not element.get("ip").endswith(".local"):
                    line = jingle_sdp.print_candidate(element).removeprefix("candidate:")
                    candidate = candidate_from_sdp(line)
                    candidate.sdpMid = content.get("name")
                    await self.connection.addIceCandidate(candidate)

    async def watch(self):
        report("connected")
        heard = False
        while not self.finished.done():
            await asyncio.sleep(1)  # the pace of reports, not a wait for something
            received = self.received
            report("media", audio=received.audio_frames, video=received.video_frames, loudest=received.loudest)
            wants_video = not self.options.audio_only
            enough = received.audio_frames >= 100 and (received.video_frames >= 50 or not wants_video)
            if enough and received.loudest > 100 and not heard:
                heard = True
                report("heard", path=self.path())
                if self.options.hang_up:
                    await self.hang_up()
                    return

    def path(self):
        """The type of the local candidate in use."""
        for sender in self.connection.getSenders():
            nominated = sender.transport.transport._connection._nominated
            for pair in nominated.values():
                return pair.local_candidate.type
        return "none"

    async def hang_up(self):
        jingle = Element("{%s}jingle" % JINGLE, {"action": "session-terminate", "sid": self.sid})
        SubElement(SubElement(jingle, "{%s}reason" % JINGLE), "{%s}success" % JINGLE)
        await self.send_iq(jingle)
        self.send_jmi(slixmpp.JID(self.other).bare, Element("{%s}finish" % JMI, {"id": self.sid}))
        self.end("hung up")

    def end(self, reason):
        if not self.finished.done():
            report("ended", reason=reason)
            self.finished.set_result(reason)


async def run(peer, options):
    host, port = options.server.rsplit(":", 1)
    peer.connect(address=(host, int(port)))
    try:
        await asyncio.wait_for(asyncio.shield(peer.finished), options.timeout)
    except asyncio.TimeoutError:
        report("ended", reason="timeout")
        return 1
    finally:
        if peer.connection is not None:
            await peer.connection.close()
        await peer.disconnect()
        leftovers = asyncio.all_tasks() - {asyncio.current_task()}
        for task in leftovers:
            task.cancel()
        await asyncio.gather(*leftovers, return_exceptions=True)
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", required=True, help="address and port of XMPP with STARTTLS")
    parser.add_argument("--jid", required=True)
    parser.add_argument("--call", metavar="JID", help="call this user")
    parser.add_argument("--answer", action="store_true", help="answer the first call that comes in")
    parser.add_argument("--hang-up", action="store_true", help="end the call once both directions were heard")
    parser.add_argument("--relay-only", action="store_true", help="offer relayed candidates alone")
    parser.add_argument("--audio-only", action="store_true")
    parser.add_argument("--jmi", choices=["0.6", "0.8"], default="0.8", help="version of XEP-0353")
    parser.add_argument("--timeout", type=float, default=60, metavar="SECONDS")
    options = parser.parse_args()
    peer = Peer(options, os.environ["SOTTO_TOKEN"])
    return peer.loop.run_until_complete(run(peer, options))


if __name__ == "__main__":
    sys.exit(main())
