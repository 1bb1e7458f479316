"""Variables with keys that kernels do not inherit, because the person had the doctor take them out."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, MutableMapping
from pathlib import Path
from typing import Any

#: No others are ever touched: those that AWS's clients take before they ask for keys.
NAMES = frozenset({"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_WEB_IDENTITY_TOKEN_FILE"})


class Withheld:
    """Keeps the environment of new kernels as the sidecar's file of choices says."""

    def __init__(self, home: str, environment: MutableMapping[str, str] = os.environ) -> None:
        """Takes nothing out yet.

        :param home: the resolved ``LAKESIDE_HOME``
        :param environment: what kernels inherit
        """
        self._file = Path(home, "credentials", "choices.json")
        self._environment = environment
        #: What was taken out; a profile may name one of them, so the sidecar still gets them.
        self.values: dict[str, str] = {}

    def apply(self, launched: Iterable[MutableMapping[str, str]] = ()) -> list[str]:
        """Takes out what is withheld now, and gives back what no longer is.

        :param launched: environments with which kernels that run would be started again
        :returns: the names that were taken out by this call
        """
        names = self._names()
        places = [self._environment, *launched]
        taken = sorted(names & self._environment.keys())
        self.values.update({name: self._environment[name] for name in taken})
        for place in places:
            for name in names:
                place.pop(name, None)
        for name in self.values.keys() - names:
            value = self.values.pop(name)
            for place in places:
                place.setdefault(name, value)
        return taken

    def _names(self) -> set[str]:
        """As the file says; none where it cannot be read, as the sidecar counts it."""
        try:
            told = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return set()
        withheld = told.get("withheld") if isinstance(told, dict) else None
        return {name for name in NAMES if name in withheld} if isinstance(withheld, list) else set()


def launch_environments(kernels: Any) -> list[MutableMapping[str, str]]:
    """The environments that kernels which run keep for their next start: Jupyter notes them at the first.

    :param kernels: the server's manager of kernels
    """
    found: list[MutableMapping[str, str]] = []
    for kernel_id in kernels.list_kernel_ids():
        noted = getattr(kernels.get_kernel(kernel_id), "_launch_args", None)
        environment = noted.get("env") if isinstance(noted, dict) else None
        if isinstance(environment, dict):
            found.append(environment)
    return found
