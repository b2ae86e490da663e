"""Two agents of libnice connect through relayed candidates only and send each other a datagram: prints "ok" or says why not.

Arguments: udp or tcp; the server's host and port; username; password.
"""

import ctypes
import sys

import gi

gi.require_version("Nice", "0.1")
from gi.repository import GLib, Nice

transport, host, port, username, password = sys.argv[1:]
TYPE = {"udp": Nice.RelayType.UDP, "tcp": Nice.RelayType.TCP}[transport]
TIMEOUT_SECONDS = 20
DATA = b"x" * 1200

# The introspection leaves out what takes a callback or a buffer.
library = ctypes.CDLL("libnice.so.10")
Received = ctypes.CFUNCTYPE(
    None, ctypes.c_void_p, ctypes.c_uint, ctypes.c_uint, ctypes.c_uint, ctypes.c_void_p, ctypes.c_void_p
)
library.nice_agent_attach_recv.argtypes = [
    ctypes.c_void_p, ctypes.c_uint, ctypes.c_uint, ctypes.c_void_p, Received, ctypes.c_void_p
]
library.nice_agent_send.argtypes = [
    ctypes.c_void_p, ctypes.c_uint, ctypes.c_uint, ctypes.c_uint, ctypes.c_char_p
]

loop = GLib.MainLoop()
agents = []
gathered = set()
ready = set()
received = set()
pairs = []


def end(word):
    print(word, flush=True)
    loop.quit()


def relayed(agent):
    return [c for c in agent.get_local_candidates(1, 1) if c.type == Nice.CandidateType.RELAYED]


def on_gathered(agent, stream):
    gathered.add(agent)
    if len(gathered) < 2:
        return
    if not all(relayed(each) for each in agents):
        return end("no relayed candidate")
    for one, other in (agents, agents[::-1]):
        _, ufrag, pwd = other.get_local_credentials(1)
        one.set_remote_credentials(1, ufrag, pwd)
    for one, other in (agents, agents[::-1]):
        one.set_remote_candidates(1, 1, relayed(other))


def on_pair(agent, stream, component, local, remote):
    pairs.append((local.type, remote.type))


def on_state(agent, stream, component, state):
    if state == Nice.ComponentState.FAILED:
        end("no connection")
    if state == Nice.ComponentState.READY:
        ready.add(agent)
        if len(ready) == 2:
            for each in agents:
                library.nice_agent_send(hash(each), 1, 1, len(DATA), DATA)


@Received
def on_data(agent, stream, component, length, data, _):
    if ctypes.string_at(data, length) == DATA:
        received.add(agent)
    if len(received) == 2:
        relays_only = all(pair == (Nice.CandidateType.RELAYED,) * 2 for pair in pairs)
        end("ok" if relays_only else f"connected beside the relay: {pairs}")


def in_vain():
    end("not in time")
    return False


for controlling in (True, False):
    agent = Nice.Agent.new(GLib.MainContext.default(), Nice.Compatibility.RFC5245)
    agent.set_property("controlling-mode", controlling)
    agent.set_property("force-relay", True)
    agent.set_property("upnp", False)
    agent.set_property("ice-tcp", False)
    agent.connect("candidate-gathering-done", on_gathered)
    agent.connect("new-selected-pair-full", on_pair)
    agent.connect("component-state-changed", on_state)
    address = Nice.Address()
    address.set_from_string(host)
    agent.add_local_address(address)
    agent.add_stream(1)
    agent.set_relay_info(1, 1, host, int(port), username, password, TYPE)
    library.nice_agent_attach_recv(hash(agent), 1, 1, None, on_data, None)
    agents.append(agent)

for agent in agents:
    agent.gather_candidates(1)
GLib.timeout_add_seconds(TIMEOUT_SECONDS, in_vain)
loop.run()
