"""Start and stop a real server."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
START_SECONDS = 90


@dataclass(frozen=True)
class Server:
    """A running server: its address, its process id and its store's address."""

    url: str
    pid: int
    database_url: str
    log: Path


def demo_store(folder):
    """Fill a store with the demo data once in a folder and return its file."""
    path = Path(folder) / "demo.db"
    if not path.exists():
        core(f"sqlite:///{path}", "demo")
    return path


def core(database_url, *arguments):
    """Run the command line on a store and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "core", *arguments],
        cwd=ROOT,
        env=os.environ | {"RT_DATABASE_URL": database_url},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


def copy_store(source, folder):
    """Copy a store that nobody has open, with its log's key, and return its address."""
    path = Path(folder) / "copy.db"
    shutil.copy(source, path)
    for file in Path(source).parent.glob(f"{Path(source).stem}.audit-*"):
        shutil.copy(file, path.with_suffix(file.suffix))
    return f"sqlite:///{path}"


@contextlib.contextmanager
def running(database_url, folder, *, script="app.py", **environment):
    """Run the app on a store until the block ends."""
    port = free_port()
    log = Path(folder) / f"server-{port}.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "streamlit", "run", script),
                *("--server.port", str(port), "--server.address", "127.0.0.1"),
                *("--server.headless", "true"),
            ],
            cwd=ROOT,
            env=os.environ | {"RT_DATABASE_URL": database_url} | environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url, process, log)
        yield Server(url, process.pid, database_url, log)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port():
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(url, process, log):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError):
            if urllib.request.urlopen(f"{url}/halsa", timeout=2).status == 200:
                return
        time.sleep(0.1)
    raise RuntimeError(f"Servern startade inte:\n{log.read_text()[-3000:]}")
