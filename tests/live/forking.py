"""Start a real server again and again in a fraction of a second, and kill it without warning.

A process imports what the app imports, opens nothing, and is forked for each server.
"""

import contextlib
import gc
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

from tests.live.server import ROOT, START_SECONDS, free_port


class Starter:
    """Starts servers of one store, one after another."""

    def __init__(self, database_url, folder):
        self.latest = None
        self.log = Path(folder) / "killed-servers.log"
        self.output = self.log.open("w")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.live.forking"],
            cwd=ROOT,
            env=os.environ | {"RT_DATABASE_URL": database_url},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.output,
            text=True,
        )

    def start(self):
        """Start a server and wait until it answers. Returns its address and its process id."""
        port = free_port()
        self.process.stdin.write(f"{port}\n")
        self.process.stdin.flush()
        self.latest = pid = int(self.process.stdout.readline())
        url = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                if urllib.request.urlopen(f"{url}/halsa", timeout=2).status == 200:
                    return url, pid
            time.sleep(0.02)
        raise RuntimeError(f"Servern startade inte:\n{self.log.read_text()[-3000:]}")

    def close(self):
        """End the process that the servers are forked from, and a server that a fault left alive."""
        if self.latest is not None:
            with contextlib.suppress(ProcessLookupError):
                kill(self.latest)
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()
        self.output.close()


def kill(pid):
    """Kill a server at once, and wait until it is gone."""
    os.kill(pid, signal.SIGKILL)
    while True:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.005)


def main():
    """Fork a server for each port that is read, and print its process id."""
    from streamlit.web import cli

    from pages.common.warm_up import import_what_pages_import

    import_what_pages_import()
    assert threading.active_count() == 1  # a fork takes no other threads along
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the killed ones
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.dup2(2, 1)
            sys.argv = ["streamlit", "run", "app.py", "--server.port", line.strip()]
            cli.main()
        print(pid, flush=True)


if __name__ == "__main__":
    main()
