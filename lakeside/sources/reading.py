"""Reads the section ``sources`` of the configuration files, the organisation's first."""

from __future__ import annotations

import os
import re
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..configuration import configuration_files
from .errors import SourceError
from .record import KINDS, Source

#: The folder of files that is there without any configuration.
EMBEDDED = "lake"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_DESCRIBING = ("kind", "label", "description")


def all_sources() -> dict[str, Source]:
    """Every source by its name; the embedded one where no file has the section.

    :raises SourceError: naming file, key and cure
    """
    for file in configuration_files():
        section = _section(file)
        if section is not None:
            return {str(name): _source(str(name), given, file) for name, given in section.items()}
    folder = Path(os.environ.get("LAKESIDE_ROOT") or Path.cwd(), EMBEDDED)
    return {EMBEDDED: Source(EMBEDDED, "files", {"path": str(folder.absolute())}, "the folder of notebooks")}


def find_source(name: str | None) -> Source:
    """A source by its name; the only one there is where none is given.

    :raises SourceError: where there is none of that name, with those there are
    """
    known = all_sources()
    if name is None:
        if len(known) == 1:
            return next(iter(known.values()))
        raise SourceError(f"Which source? There are {_listed(known)}. Name one: --source {next(iter(known), 'NAME')}")
    source = known.get(name)
    if source is None:
        near = get_close_matches(name, known, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise SourceError(f"There is no source {name!r}.{hint} There are {_listed(known)}.")
    if source.kind not in KINDS:
        raise SourceError(
            f"The source {name} is of the kind {source.kind}, which code in a kernel cannot read. "
            f"It can read {', '.join(KINDS)}."
        )
    return source


def _listed(known: dict[str, Source]) -> str:
    return ", ".join(sorted(known)) or "none"


def _section(file: str) -> dict[Any, Any] | None:
    try:
        about = Path(file).stat()
    except OSError:
        return None
    return _read(file, about.st_mtime_ns, about.st_size)


@lru_cache(8)
def _read(file: str, *_changed: int) -> dict[Any, Any] | None:
    import yaml

    try:
        with Path(file).open(encoding="utf-8") as stream:
            content = yaml.safe_load(stream)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark is not None else ""
        raise SourceError(f"{file}{line}: is no YAML. Mend the file.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no UTF-8"
        raise SourceError(f"{file} cannot be read: {reason}.") from None
    section = content.get("sources") if isinstance(content, dict) else None
    if section is not None and not isinstance(section, dict):
        raise SourceError(f"{file}: sources must hold one entry per source, such as shop: {{kind: postgresql, …}}.")
    return section


def _source(name: str, given: Any, file: str) -> Source:
    place = f"sources.{name} in {file}"
    if not _NAME.fullmatch(name):
        raise SourceError(f"{place}: the name must be of small letters, digits and hyphens.")
    if not isinstance(given, dict) or not isinstance(given.get("kind"), str):
        raise SourceError(f"{place}: must have a kind, such as kind: postgresql.")
    settings = {str(key): value for key, value in given.items() if key not in _DESCRIBING}
    return Source(name, given["kind"], settings, place)
