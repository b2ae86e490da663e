#!/usr/bin/python3
"""A client that resumes its stream (XEP-0198) and shares no code with Sotto: slixmpp.

    resuming.py HOST PORT JID

The token is read from the environment (SOTTO_TOKEN). It sends itself a message, loses its connection when that is
back, and comes back when it reads a line. What happens is printed as one JSON object a line: "began" (with how often),
"message" with its body, "lost", "resumed".
"""

import asyncio
import json
import os
import ssl
import sys

import slixmpp


def report(event, **details):
    print(json.dumps({"event": event, **details}), flush=True)


class Client(slixmpp.ClientXMPP):
    def __init__(self, address, jid, token):
        super().__init__(jid, token)
        self.address = address
        self.begun = 0
        self.lost = False
        self.over = self.loop.create_future()
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE  # the test's certificate is its own issuer
        self.get_ssl_context = lambda: context
        self.register_plugin("xep_0198")
        self.add_event_handler("sm_enabled", self.on_enabled)
        self.add_event_handler("session_resumed", self.on_resumed)
        self.add_event_handler("disconnected", self.on_disconnected)
        self.add_event_handler("message", self.on_message)

    def on_enabled(self, _):
        self.begun += 1
        report("began", times=self.begun)
        self.send_presence()
        self.send_message(mto=self.boundjid.bare, mbody="before", mtype="chat")

    def on_message(self, message):
        report("message", body=message["body"])
        if not self.lost:
            self.lost = True
            self.transport.abort()

    def on_disconnected(self, _):
        report("lost")
        self.loop.run_in_executor(None, sys.stdin.readline).add_done_callback(
            lambda _: self.connect(address=self.address)
        )

    def on_resumed(self, _):
        report("resumed", jid=str(self.boundjid))
        self.send_message(mto=self.boundjid.bare, mbody="after", mtype="chat")


def main():
    host, port, jid = sys.argv[1:]
    client = Client((host, int(port)), jid, os.environ["SOTTO_TOKEN"])
    client.connect(address=client.address)
    client.loop.run_until_complete(asyncio.wait_for(client.over, 60))


if __name__ == "__main__":
    main()
