"""Prints the Don't Fragment bit and the payload of every UDP datagram to a port of 127.0.0.1: "DF payload"."""

import socket
import struct
import sys

port = int(sys.argv[1])
with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP) as raw:
    raw.bind(("127.0.0.1", 0))
    print("ready", flush=True)
    while True:
        packet = raw.recv(65535)
        header_bytes = (packet[0] & 0x0F) * 4
        if struct.unpack_from("!H", packet, header_bytes + 2)[0] == port:
            dont_fragment = struct.unpack_from("!H", packet, 6)[0] >> 14 & 1
            print(dont_fragment, packet[header_bytes + 8 :].decode("latin-1"), flush=True)
