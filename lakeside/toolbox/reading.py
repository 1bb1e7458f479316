"""``read_sql``: what ``%%sql`` does, for scripts."""

from __future__ import annotations

from typing import Any


def read_sql(sql: str, source: str | None = None, *, engine: str = "pandas", limit: int | None = None) -> Any:
    """Runs a statement and gives what it answers: a DataFrame, or an Arrow table.

    The text is SQL as it stands: braces, colons and per cent signs mean what they mean there.

    :param source: its name in the configuration; the only one there is where it is None
    :param engine: `pandas`, `arrow` or `polars`
    :param limit: rows, at most
    :returns: None where the statement gives no rows
    :raises SourceError: a sentence with the cure, without a secret
    """
    from ..sources import find_source
    from ..sql.frames import checked_engine, frame
    from ..sql.sessions import modes_of, run_all
    from ..sql.statement import prepare

    wanted = checked_engine(engine)
    found = find_source(source)
    answer = run_all(found, prepare(sql, found.dialect, modes=modes_of(found)), limit)
    return frame(answer, wanted)
