"""A Superset of its own for the test: its environment, its metadata in a folder that is thrown away, its server.

Nothing of it is in the project's environment: its pins contradict ours. It runs in `.superset/`, which git ignores.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.config import PROJECT_ROOT

_HERE = Path(__file__).parent
_ENVIRONMENT = PROJECT_ROOT / ".superset"
_PYTHONS = ">=3.11,<3.13"  # its pins have no wheels for newer ones
_START_SECONDS = 180


class SupersetError(Exception):
    """Superset could not be installed, filled or started."""


@dataclass(frozen=True)
class Superset:
    """A running server and who may use it."""

    address: str
    user: str
    password: str


def prepare_environment() -> Path:
    """Installs what `requirements.txt` pins, unless it is there; the folder of its programs.

    Raises:
        SupersetError: uv is not there or cannot install.
    """
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        raise SupersetError("uv is not there: start this by `make bi-test`")
    python = _ENVIRONMENT / "bin" / "python"
    if not python.exists():
        _run([uv, "venv", "--quiet", "--python", _PYTHONS, str(_ENVIRONMENT)], dict(os.environ))
    _run([uv, "pip", "sync", "--quiet", "--python", str(python), str(_HERE / "requirements.txt")], dict(os.environ))
    return python.parent


@contextlib.contextmanager
def running(bundle: Path, folder: Path) -> Iterator[Superset]:
    """A server on a free port of this machine, with the bundle imported as its administrator would.

    Raises:
        SupersetError: a step failed; the message has the end of its output.
    """
    programs = prepare_environment()
    superset = str(programs / "superset")
    user, password = "admin", secrets.token_urlsafe(24)
    environment = {
        **os.environ,
        "SUPERSET_HOME": str(folder),
        "SUPERSET_CONFIG_PATH": str(_HERE / "superset_config.py"),
        "BI_SECRET_KEY": secrets.token_urlsafe(42),
        "PYTHONWARNINGS": "ignore",
    }
    who = ["--username", user, "--password", password, "--firstname", "BI", "--lastname", "test"]
    for step in (
        ["db", "upgrade"],
        ["init"],
        ["fab", "create-admin", *who, "--email", "bi-test@example.com"],
        ["import-dashboards", "--path", str(bundle), "--username", user],
    ):
        _run([superset, *step], environment)
    log = folder / "server.log"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with log.open("wb") as output:
        command = [superset, "run", "--host", "127.0.0.1", "--port", str(port), "--with-threads"]
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=output)
    try:
        address = f"http://127.0.0.1:{port}"
        _await_health(address, process, log)
        yield Superset(address, user, password)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _run(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SupersetError(f"{Path(command[0]).name} {command[1]} failed:\n{(done.stdout + done.stderr)[-3000:]}")


def _await_health(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            urllib.request.urlopen(f"{address}/health", timeout=5).close()
            return
        time.sleep(0.5)
    raise SupersetError(f"the server did not start within {_START_SECONDS} seconds:\n{log.read_text()[-3000:]}")
