"""What the sidecar gets to see of this process."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from .configuration import wanted_variables
from .keydoor import OWN_TOKEN_FILE, OWN_URL, is_ours, without_door
from .paths import compile_cache

_NAMES = {
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "LANG",
    "TZ",
    "TMPDIR",
    "SSL_CERT_FILE",
    "NODE_EXTRA_CA_CERTS",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    # Where the keyring of a desktop is reached.
    "DBUS_SESSION_BUS_ADDRESS",
}
_PREFIXES = ("LC_", "XDG_", "LAKESIDE_")
#: Below it lies the folder of the source `lake`.
ROOT = "LAKESIDE_ROOT"
#: What code in kernels needs of Lakeside's own: where notebooks are, and where secrets are asked for.
_FOR_KERNELS = {ROOT, OWN_URL, OWN_TOKEN_FILE}
#: Of the Jupyter server and of Lakeside itself: tokens, sockets, the address of the hub.
_OWN_PREFIXES = ("JUPYTER_TOKEN", "JUPYTERHUB_", "JPY_", "LAKESIDE_")


def sidecar_environment(
    home: str, descriptor: int, given: Mapping[str, str] = os.environ, *, key_descriptor: int | None = None
) -> dict[str, str]:
    """The variables a sidecar is started with: an allow-list, so that keys in Jupyter's environment stay there.

    Beyond the list only what a configuration file asks for by name. The sidecar never asks itself for keys.

    :param home: the resolved ``LAKESIDE_HOME``
    :param descriptor: number of the listening socket
    :param key_descriptor: number of the socket on which kernels ask for keys
    """
    names = _NAMES | wanted_variables(given)
    allowed = {name: value for name, value in given.items() if name in names or name.startswith(_PREFIXES)}
    keys = {} if key_descriptor is None else {"LAKESIDE_CREDENTIALS_FD": str(key_descriptor)}
    return {
        **(without_door(allowed) if is_ours(given) else allowed),
        **keys,
        "LAKESIDE_HOME": home,
        "LAKESIDE_LISTEN_FD": str(descriptor),
        "NODE_COMPILE_CACHE": compile_cache(given),
        # glibc keeps freed memory once for each thread otherwise; the sidecar's threads seldom want any at once.
        "MALLOC_ARENA_MAX": "1",
    }


def kernel_environment(given: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The variables that a scheduled run gets: those of the server's kernels, but for what speaks to the server."""
    return {name: value for name, value in given.items() if name in _FOR_KERNELS or not name.startswith(_OWN_PREFIXES)}


def tell_root(root_dir: str | None) -> None:
    """Tells the kernels that this server starts where the notebooks are: a person's own value stays."""
    if root_dir is not None:
        os.environ.setdefault(ROOT, root_dir)


@dataclass(frozen=True)
class Boot:
    """What a sidecar is told on standard input, as one line of JSON."""

    #: Absolute root folder of the Jupyter server; None where its contents are no files.
    root_dir: str | None
    allow_hidden: bool
    python: str
    server_version: str
    #: What the server's kernels inherit, for those of scheduled runs.
    kernel_environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    #: What sessions are encrypted with, where a hub gives it.
    credentials_key: str | None = field(default=None, repr=False)
    #: Proves that a request comes through this front door. New in each Jupyter server.
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    def line(self) -> bytes:
        """The line to write, with its end."""
        told = {
            "secret": self.secret,
            "rootDir": self.root_dir,
            "allowHidden": self.allow_hidden,
            "python": self.python,
            "serverVersion": self.server_version,
            "kernelEnvironment": dict(self.kernel_environment),
            "credentialsKey": self.credentials_key,
        }
        return json.dumps(told).encode() + b"\n"


def keeps_history(given: Mapping[str, str] = os.environ) -> bool:
    """Whether saved notebooks are kept as versions. What is no answer is for the sidecar to say."""
    return given.get("LAKESIDE_HISTORY", "on") != "off"
