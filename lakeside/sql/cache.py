"""Answers that are kept: files of Arrow that only their owner reads."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from ..sources.record import Source
from ..sources.secret import Given
from .answer import Answer
from .statement import Statement

#: Bytes that all answers may take; the oldest go first.
ROOM = 2 << 30
_OLDEST = 30 * 86400
_META = b"lakeside"


@dataclass(frozen=True)
class Kept:
    """An answer, and when it was given: seconds since 1970."""

    answer: Answer
    at: float


def folder() -> Path:
    """Where answers are kept: below ``LAKESIDE_HOME``, else in the person's cache folder."""
    home = os.environ.get("LAKESIDE_HOME")
    if home:
        return Path(home, "tables", "answers")
    base = os.environ.get("XDG_CACHE_HOME", "")
    return Path(base if os.path.isabs(base) else Path.home() / ".cache", "lakeside", "answers")


def key(source: Source, statements: list[Statement], limit: int | None) -> str:
    """The name of an answer: source and identity without secrets, SQL, values, limit."""
    identity = [os.getuid(), os.environ.get("JUPYTERHUB_USER", "")]
    asked = [[each.text, [f"{type(value).__name__}:{value!r}" for value in each.values]] for each in statements]
    told = [source.id, source.kind, _plain(dict(source.settings)), identity, asked, limit]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Given):
        return "given"
    if isinstance(value, dict):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return value if isinstance(value, str | int | float | bool) or value is None else repr(value)


def load(name: str, youngest: float) -> Kept | None:
    """A kept answer that was given after a moment; None where there is none that can be read."""
    file = folder() / f"{name}.arrow"
    try:
        with pa.memory_map(str(file)) as stream, pa.ipc.open_file(stream) as reader:
            told = json.loads((reader.schema.metadata or {})[_META])
            if told["at"] < youngest:
                return None
            table = reader.read_all()
    except (OSError, pa.ArrowInvalid, KeyError, ValueError):
        return None
    metadata = {name: value for name, value in table.schema.metadata.items() if name != _META}
    table = table.replace_schema_metadata(metadata or None)
    return Kept(Answer(table, more=told["more"], notes=told["notes"]), told["at"])


def save(name: str, answer: Answer) -> None:
    """Keeps an answer. Where there is no room for it, it is not kept, and nobody is bothered."""
    if answer.table is None:
        return
    place = folder()
    told = {"at": time.time(), "more": answer.more, "notes": answer.notes}
    table = answer.table.replace_schema_metadata({**(answer.table.schema.metadata or {}), _META: json.dumps(told)})
    with suppress(OSError):
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, temporary = tempfile.mkstemp(dir=place, suffix=".tmp")
        try:
            with os.fdopen(descriptor, "wb") as stream, pa.ipc.new_file(stream, table.schema) as writer:
                writer.write_table(table)
            Path(temporary).replace(place / f"{name}.arrow")
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        _tidy(place)


def _tidy(place: Path) -> None:
    files = [(each, each.stat()) for each in place.iterdir()]
    room = 0
    for file, about in sorted(files, key=lambda pair: -pair[1].st_mtime):
        room += about.st_size
        if room > ROOM or about.st_mtime < time.time() - _OLDEST:
            file.unlink(missing_ok=True)
