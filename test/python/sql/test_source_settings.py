"""The names of settings that code in kernels reads are those of the published JSON Schema, for every kind of source."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lakeside.sources.record import KINDS, Source
from lakeside.sources.settings import database_settings
from lakeside.sql import lake
from lakeside.toolbox.iceberg import _properties

ROOT = Path(__file__).parents[3]
DATABASES = ("mariadb", "mysql", "postgresql", "redshift")
#: What the panel alone uses: which schemas it shows, and how a folder of tables that a catalogue knows is reached.
OF_THE_PANEL = {
    **{kind: {"schemas"} for kind in DATABASES},
    "files": set(),
    "iceberg": {"data.path"},
}
DESCRIBING = {"kind", "label", "description"}


def kinds_of_the_schema() -> dict[str, dict[str, Any]]:
    schema = json.loads((ROOT / "docs/operators/config.schema.json").read_text())
    kinds = schema["properties"]["sources"]["additionalProperties"]["oneOf"]
    return {kind["properties"]["kind"]["const"]: kind for kind in kinds}


SCHEMA = kinds_of_the_schema()


class Watched(dict[str, Any]):
    """Settings that note which of them are asked for, also where they are absent."""

    def __init__(self, given: dict[str, Any], asked: set[str], place: str = "") -> None:
        self._asked, self._place = asked, place
        super().__init__({name: self._of(name, value) for name, value in given.items()})

    def _of(self, name: str, value: Any) -> Any:
        # A reference to a secret is read whole.
        is_group = isinstance(value, dict) and "env" not in value
        return Watched(value, self._asked, f"{self._place}{name}.") if is_group else value

    def _note(self, name: object) -> None:
        self._asked.add(f"{self._place}{name}")

    def __getitem__(self, name: str) -> Any:
        self._note(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self._note(name)
        return super().__contains__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self._note(name)
        return super().get(name, default)


def names_in(schema: dict[str, Any], place: str = "") -> Iterator[str]:
    """The names of an object of the schema, those of objects within by a dot; not the objects themselves."""
    for name, about in schema["properties"].items():
        inner = about if "properties" in about else None
        if inner is None:
            yield f"{place}{name}"
        else:
            yield from names_in(inner, f"{place}{name}.")


def sample(schema: dict[str, Any]) -> dict[str, Any]:
    """Settings with a value for every name of the schema."""
    # A profile of credentials stands in the place of a key.
    left_out = DESCRIBING | {"profile"}
    return {name: value_of(name, about) for name, about in schema["properties"].items() if name not in left_out}


def value_of(name: str, about: dict[str, Any]) -> Any:
    if "properties" in about:
        return sample(about)
    if name in ("password", "token", "secretAccessKey", "sessionToken", "clientSecret"):
        return {"env": "A_SECRET"}
    fixed: dict[str, Any] = {
        "port": 1234,
        "tls": "verify",
        "pathStyle": False,
        "uri": "http://c",
        "endpoint": "http://s",
    }
    return fixed.get(name, f"a-{name}")


def asked_of(kind: str, settings: dict[str, Any]) -> set[str]:
    """The names that reading a source of a kind asks for."""
    asked: set[str] = set()
    source = Source("s", kind, Watched(settings, asked), "here")
    if kind in DATABASES:
        database_settings(source)
    elif kind == "iceberg":
        _properties(source)
    else:
        lake._opened(source)
    return asked


@pytest.mark.parametrize("kind", KINDS)
def test_python_asks_for_the_names_of_the_schema(kind: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("A_SECRET", "Secret-of-the-source")
    settings = sample(SCHEMA[kind])
    asked = asked_of(kind, settings)
    if kind == "files":
        asked |= asked_of(kind, {"path": str(tmp_path)})
    groups = {name for name, value in settings.items() if isinstance(value, dict) and "env" not in value}
    known = {name for name in names_in(SCHEMA[kind]) if name not in DESCRIBING}
    leaves = {name for name in asked if not any(other.startswith(f"{name}.") for other in known)}
    assert leaves <= known, "a name that the configuration does not have"
    assert known - leaves == OF_THE_PANEL[kind], "a setting that code in kernels passes over"
    assert groups <= asked


def test_every_kind_is_read_in_kernels_or_is_known_not_to_be() -> None:
    assert set(SCHEMA) - set(KINDS) == {"hive", "memory"}
    assert set(KINDS) <= set(SCHEMA)
    assert set(KINDS) == set(OF_THE_PANEL)
