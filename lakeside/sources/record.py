"""What is known of one source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Dialect = Literal["postgresql", "mysql", "duckdb"]

_DIALECTS: dict[str, Dialect] = {
    "postgresql": "postgresql",
    "redshift": "postgresql",
    "mysql": "mysql",
    "mariadb": "mysql",
    "files": "duckdb",
    "iceberg": "duckdb",
}
#: Kinds whose tables this package reads itself.
KINDS = tuple(_DIALECTS)


@dataclass(frozen=True)
class Source:
    """A source by its settings. Secrets are references still; see `read_secret`."""

    id: str
    kind: str
    #: As the configuration has them, without `kind`, `label` and `description`.
    settings: Mapping[str, Any] = field(repr=False)
    #: Where they stand, for sentences: `sources.shop in /etc/lakeside/config.yml`.
    place: str = field(repr=False)

    @property
    def dialect(self) -> Dialect:
        """Which SQL it speaks. Files and Iceberg are read by DuckDB."""
        return _DIALECTS[self.kind]
