#!/usr/bin/python3
"""Logs in with slixmpp, which shares no code with Sotto, and says how.

    login.py --server 127.0.0.1:5222 --jid alice@example.org [--mechanism SCRAM-SHA-256]

The password is read from the environment (SOTTO_PASSWORD). Prints what was tried, a mechanism a line, then "online"
and the one that did it, or "failed".
"""

import argparse
import os
import ssl
import sys

import slixmpp


class Client(slixmpp.ClientXMPP):
    def __init__(self, jid, password, mechanism):
        super().__init__(jid, password, sasl_mech=mechanism)
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE  # the test's certificate is its own issuer
        self.get_ssl_context = lambda: context
        self.add_event_handler("session_start", self.on_online)
        self.add_event_handler("failed_all_auth", self.on_failed)
        self.add_event_handler("failed_auth", self.on_refused)
        self.add_event_handler("disconnected", self.on_failed)

    def on_refused(self, failure):
        print("refused", self["feature_mechanisms"].mech.name, failure["condition"], flush=True)

    def on_online(self, _):
        print("online", self["feature_mechanisms"].mech.name, flush=True)
        sys.exit(0)

    def on_failed(self, _):
        print("failed", flush=True)
        sys.exit(1)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--server", required=True)
    arguments.add_argument("--jid", required=True)
    arguments.add_argument("--mechanism")
    options = arguments.parse_args()
    client = Client(options.jid, os.environ["SOTTO_PASSWORD"], options.mechanism)
    host, port = options.server.rsplit(":", 1)
    client.connect(address=(host, int(port)))
    client.loop.run_until_complete(client.disconnected)


main()
