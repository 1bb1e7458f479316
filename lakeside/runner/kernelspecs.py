"""Which kernel a notebook runs on."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel
from nbformat import NotebookNode

from .inspection import notebook_language
from .outcome import Refused


@dataclass(frozen=True)
class Chosen:
    """A kernel by its name, with the language that its specification names."""

    name: str
    language: str
    is_ipykernel: bool


def choose(notebook: NotebookNode, wanted: str | None) -> Chosen:
    """The kernel that is asked for, else the one the notebook names, else one of the notebook's language.

    A notebook without a kernelspec runs on ``python3`` or the only kernel of its language. Raises :class:`Refused`
    that names what is installed.
    """
    manager = KernelSpecManager()
    metadata = notebook["metadata"].get("kernelspec") or {}
    name = wanted or metadata.get("name")
    if name:
        return _spec(manager, str(name))
    language = notebook_language(notebook).lower()
    names = sorted(manager.find_kernel_specs(), key=lambda each: (each != "python3", each))
    for each in names:
        found = _spec(manager, each)
        if found.language.lower() == language:
            return found
    raise Refused(
        f"The notebook names no kernel, and none for {language} is installed. {_installed(manager)}", field="kernel"
    )


def _spec(manager: KernelSpecManager, name: str) -> Chosen:
    try:
        spec: KernelSpec = manager.get_kernel_spec(name)
    except NoSuchKernel:
        raise Refused(f"There is no kernel {name!r} here. {_installed(manager)}", field="kernel") from None
    except Exception as error:
        raise Refused(f"The kernel {name!r} cannot be read: {error}.", field="kernel") from None
    words = " ".join(spec.argv)
    return Chosen(name, spec.language or "", bool(re.search(r"\bipykernel(_launcher)?\b", words)))


def _installed(manager: KernelSpecManager) -> str:
    names = sorted(manager.find_kernel_specs())
    return f"Installed: {', '.join(names)}." if names else "No kernel is installed at all."


@functools.cache
def known_kernel(name: str) -> Chosen:
    """A kernel by its name. Raises :class:`Refused`."""
    return _spec(KernelSpecManager(), name)
