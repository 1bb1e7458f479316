"""Where kernels ask for keys: a listening TCP socket of this machine, its token, and the variables that name both."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import secrets
import socket
import stat
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

from .configuration import has_profiles

#: The key with which sessions are encrypted, as a hub gives it.
KEY = "LAKESIDE_CREDENTIALS_KEY"
URI = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
TOKEN_FILE = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"  # noqa: S105 - the name of a variable
#: The same for our own code: `{credential: PROFILE}` of sources.
OWN_URL = "LAKESIDE_CREDENTIALS_URL"
OWN_TOKEN_FILE = "LAKESIDE_CREDENTIALS_TOKEN_FILE"  # noqa: S105 - the name of a variable
#: Any of them means that somebody else gives keys to this machine's containers.
_OTHERS = (URI, TOKEN_FILE, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN")
#: Some SDKs want a path that is not empty. `active` stands for the profile in use, so the address never changes.
_PATH = "/aws/credentials/active"
_HOST = "127.0.0.1"
_BACKLOG = 512
#: Ports that are remembered, for several servers on one home.
_MOST_PORTS = 8
_SHORTEST_TOKEN = 32

Log = logging.Logger | logging.LoggerAdapter[Any]


class KeyDoor:
    """A listening socket that outlives each sidecar, on the port that kernels of earlier servers know."""

    def __init__(self, home: str, log: Log) -> None:
        """Opens the socket and makes the token where there is none.

        :param home: the resolved ``LAKESIDE_HOME``
        :raises OSError: where files cannot be written or no port can be had
        """
        folder = Path(home, "credentials")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        self.token_file = str(folder / "endpoint-token")
        _make_token(Path(self.token_file))
        self._socket = _listen(folder / "ports.json", log)
        self.port: int = self._socket.getsockname()[1]

    @property
    def url(self) -> str:
        """The address for clients."""
        return f"{self.origin}{_PATH}"

    @property
    def origin(self) -> str:
        """The same without a path, for Lakeside's own code."""
        return f"http://{_HOST}:{self.port}"

    def descriptor(self) -> int:
        """The number of the listening socket, for ``pass_fds``."""
        return self._socket.fileno()

    def close(self) -> None:
        """Closes the socket; token and port stay for kernels that live on."""
        self._socket.close()


def take_key(environment: MutableMapping[str, str] = os.environ) -> str | None:
    """Takes the hub's key out of the environment, so that no kernel and no terminal inherits it."""
    return environment.pop(KEY, None) or None


def open_door(home: str, log: Log, environment: MutableMapping[str, str] = os.environ) -> KeyDoor | None:
    """Opens the door where a profile is configured, and tells kernels of it by the environment they will inherit.

    A variable of AWS that is set already stays, and so do all: a mix would send one service's token to the other.
    """
    if not has_profiles(environment):
        return None
    try:
        door = KeyDoor(home, log)
    except OSError as error:
        log.error("lakeside | kernels get no keys: %s. Make room and rights there, then restart Jupyter.", error)
        return None
    environment[OWN_URL], environment[OWN_TOKEN_FILE] = door.origin, door.token_file
    taken = [name for name in _OTHERS if environment.get(name)]
    if taken:
        log.warning(
            "lakeside | kernels do not ask Lakeside for keys, because %s is set already. Unset it to change that.",
            taken[0],
        )
    else:
        environment[URI] = door.url
        environment[TOKEN_FILE] = door.token_file
    return door


def is_ours(environment: Mapping[str, str]) -> bool:
    """Whether the variables of the environment name a door of Lakeside."""
    uri = environment.get(URI, "")
    return uri.startswith(f"http://{_HOST}:") and uri.endswith(_PATH)


def without_door(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment whose programs do not ask Lakeside for keys."""
    return {name: value for name, value in environment.items() if name not in (URI, TOKEN_FILE)}


def _make_token(file: Path) -> None:
    """Makes a token without a line's end, which clients would refuse to send. One that is there stays."""
    if _is_token(file):
        return
    part = file.with_name(f"{file.name}.{secrets.token_hex(6)}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(secrets.token_urlsafe(32))
        stream.flush()
        os.fsync(stream.fileno())
    # Two servers that start at once: whoever is last wins, and clients read the file at each refresh.
    part.replace(file)


def _is_token(file: Path) -> bool:
    try:
        facts = file.lstat()
        if not stat.S_ISREG(facts.st_mode) or facts.st_uid != os.getuid():
            return False
        if stat.S_IMODE(facts.st_mode) & 0o077:
            # Others may have read it.
            return False
        text = file.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return False
    return len(text) >= _SHORTEST_TOKEN and text.strip() == text


def _listen(memory: Path, log: Log) -> socket.socket:
    """Listens on a port of an earlier server where one is free, else on a new one, which is remembered."""
    ports = _remembered(memory)
    for port in [*ports, 0]:
        with contextlib.suppress(OSError):
            listening = _bound(port)
            if port == 0:
                if ports:
                    log.warning("lakeside | the ports of earlier kernels are taken; restart kernels that ask for keys.")
                _remember(memory, [listening.getsockname()[1], *ports])
            return listening
    raise OSError(f"no port of {_HOST} can be had")


def _bound(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((_HOST, port))
        listening.listen(_BACKLOG)
        listening.setblocking(False)
    except OSError:
        listening.close()
        raise
    return listening


def _remembered(memory: Path) -> list[int]:
    try:
        ports = json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    if not isinstance(ports, list):
        return []
    return [port for port in ports if isinstance(port, int) and 1024 <= port <= 65535][:_MOST_PORTS]


def _remember(memory: Path, ports: list[int]) -> None:
    part = memory.with_name(f"{memory.name}.{secrets.token_hex(6)}.part")
    part.write_text(json.dumps(ports[:_MOST_PORTS]), encoding="utf-8")
    part.chmod(0o600)
    part.replace(memory)
