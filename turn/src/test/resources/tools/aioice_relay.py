"""Two clients of aioice allocate, bind channels to each other and exchange datagrams: prints "ok" or says why not.

Arguments: udp, tcp or tls; the server's host and port; username; password.
"""

import asyncio
import ssl
import sys

from aioice import turn

ATTEMPTS = 40
LENGTHS = [1, 2, 3, 4, 5, 160, 1200]


class Peer(asyncio.DatagramProtocol):
    def __init__(self):
        self.arrived = asyncio.Queue()

    def datagram_received(self, data, addr):
        self.arrived.put_nowait((data, addr))


def unverified():
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


async def endpoint(transport, server, username, password):
    return await turn.create_turn_endpoint(
        Peer,
        server,
        username,
        password,
        transport="udp" if transport == "udp" else "tcp",
        ssl=unverified() if transport == "tls" else False,
    )


async def deliver(data, source, receiver, source_address, receiver_address):
    """Sends until it arrives: the first datagrams come before the other side's permission."""
    for _ in range(ATTEMPTS):
        source.sendto(data, receiver_address)
        try:
            while True:
                got = await asyncio.wait_for(receiver.arrived.get(), 0.25)
                if got == (data, source_address):
                    return
        except asyncio.TimeoutError:
            receiver_transport[receiver].sendto(b"permit", source_address)
    raise SystemExit(f"{len(data)} bytes did not arrive")


receiver_transport = {}


async def main(transport, host, port, username, password):
    server = (host, int(port))
    first, first_peer = await endpoint(transport, server, username, password)
    second, second_peer = await endpoint(transport, server, username, password)
    receiver_transport.update({first_peer: first, second_peer: second})
    first_address = first.get_extra_info("sockname")
    second_address = second.get_extra_info("sockname")
    for length in LENGTHS:
        data = bytes([length % 256]) * length
        await deliver(data, first, second_peer, first_address, second_address)
        await deliver(data, second, first_peer, second_address, first_address)
    await first._TurnTransport__inner_protocol.delete()
    await second._TurnTransport__inner_protocol.delete()
    print("ok")


asyncio.run(main(*sys.argv[1:]))
