#!/usr/bin/python3
"""Runs every shell block of README.md, in order, in a fresh clone of this checkout.

    run_readme.py [--without COMMAND]

./sotto run is left running once it says that it is ready, and stopped where ./sotto test wants its ports; any other block
must exit with 0. --without leaves out a block, for the test that is itself a part of ./sotto test.
"""

import argparse
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

READY = "Sotto is ready: "
RUN = "./sotto run"
TEST = "./sotto test"


def blocks(readme):
    return [block.strip() for block in re.findall(r"^```sh\n(.*?)^```", readme, re.DOTALL | re.MULTILINE)]


def start_server(command, clone):
    server = subprocess.Popen(
        ["sh", "-ec", "exec " + command], cwd=clone, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    for line in server.stdout:
        print(line, end="", flush=True)
        if line.startswith(READY):
            return server
    sys.exit("it ended before it was ready: " + command)


def stop_server(server):
    os.killpg(server.pid, signal.SIGTERM)
    if server.wait(timeout=30) != 0:
        sys.exit("./sotto run did not end with 0 on SIGTERM")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--without", action="append", default=[], metavar="COMMAND")
    options = parser.parse_args()
    checkout = pathlib.Path(__file__).resolve().parents[4]
    server = None
    with tempfile.TemporaryDirectory(prefix="sotto-readme-") as folder:
        clone = pathlib.Path(folder) / "sotto"
        subprocess.run(["git", "clone", "--quiet", str(checkout), str(clone)], check=True)
        found = blocks((clone / "README.md").read_text())
        if not found:
            sys.exit("README.md has no shell block")
        try:
            for block in found:
                if block in options.without:
                    print("$ " + block + "   (left out)", flush=True)
                    continue
                print("$ " + block, flush=True)
                if block == RUN:
                    server = start_server(block, clone)
                    continue
                if block == TEST and server is not None:
                    stop_server(server)
                    server = None
                if subprocess.run(["sh", "-ec", block], cwd=clone, env=dict(os.environ)).returncode != 0:
                    sys.exit("failed: " + block)
                if block == TEST:
                    server = start_server(RUN, clone)
        finally:
            if server is not None:
                stop_server(server)
    print("%d blocks ran" % (len(found) - len(options.without)))


if __name__ == "__main__":
    main()
