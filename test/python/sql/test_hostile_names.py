"""What the panel inserts, run as a cell for every hostile name: it reads that table and no other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as parquet
import pytest
from sql_names import hostile_names, last_value, snippets
from sql_servers import Configured, Server

import lakeside

NAMES = hostile_names()


def quoted(name: str, mark: str) -> str:
    return mark + name.replace(mark, mark * 2) + mark


def run_all(shell: Any, asked: list[dict[str, Any]], names: list[str]) -> None:
    wrong = []
    for name, found in zip(names, snippets(asked), strict=True):
        for snippet in found:
            if snippet["language"] != "python":
                continue
            frame = last_value(shell, snippet["code"])
            values = [
                str(value) for value in (frame.to_pydict() if hasattr(frame, "to_pydict") else _listed(frame))["v"]
            ]
            if values not in ([name], [f"value of {name}"]):
                wrong.append((name, snippet["label"], values))
    assert wrong == []


def _listed(frame: Any) -> dict[str, list[Any]]:
    return {name: list(frame[name]) for name in frame.columns}


@pytest.fixture
def shell() -> Any:
    from IPython.core.interactiveshell import InteractiveShell

    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "lakeside")
    yield shell
    InteractiveShell.clear_instance()


def test_there_are_200() -> None:
    assert len(NAMES) >= 200


@pytest.mark.databases
def test_postgresql(pg: Server, shell: Any) -> None:
    names = [name for name in NAMES if len(name.encode()) <= 63]
    assert len(names) >= 200
    with lakeside.get_connection("pg") as connection:
        connection.execute('CREATE SCHEMA IF NOT EXISTS "ho\'st""ile"')
        for name in names:
            table = '"ho\'st""ile".' + quoted(name, '"')
            column, doubled = quoted(name + "_", '"'), table.replace("%", "%%")
            connection.execute(f"CREATE TABLE {table} (v text, {column} int)".encode())
            connection.execute(f"INSERT INTO {doubled} (v) VALUES (%s)".encode(), [name])
    reach = [{"kind": "sql", "dialect": "postgresql", "name": ["ho'st\"ile", name]} for name in names]
    columns = [[{"name": "v"}, {"name": name + "_"}] for name in names]
    asked = [
        {"source": "pg", "ref": {"schema": "x", "table": name}, "reach": each, "columns": named}
        for name, each, named in zip(names, reach, columns, strict=True)
    ]
    run_all(shell, asked, names)


@pytest.mark.databases
def test_mariadb(my: Server, shell: Any) -> None:
    # Names of tables do not end with a blank there, and have no letters beyond the first 65,536.
    names = [name for name in NAMES if name == name.rstrip(" ") and max(map(ord, name)) < 0x10000]
    assert len(names) >= 200
    with lakeside.get_connection("my") as connection, connection.cursor() as cursor:
        for name in names:
            table = quoted(name, "`")
            cursor.execute(f"CREATE TABLE {table} (v text)")
            cursor.execute(f"INSERT INTO {table} VALUES ({connection.escape(name)})")
        connection.commit()
    asked = [
        {
            "source": "my",
            "ref": {"schema": "x", "table": name},
            "reach": {"kind": "sql", "dialect": "mysql", "name": [my.database, name]},
            "columns": [{"name": "v"}],
        }
        for name in names
    ]
    run_all(shell, asked, names)


@pytest.mark.databases
@pytest.mark.parametrize("kind", ["parquet", "csv", "folder"])
def test_files(configured: Configured, tmp_path: Path, shell: Any, kind: str) -> None:
    names = [name for name in NAMES if "/" not in name and name[0] not in "._" and len(name.encode()) < 200]
    names = [name for name in names if kind != "folder" or "=" not in name]
    assert len(names) >= 190
    lake = tmp_path / "lake"
    lake.mkdir()
    configured.write({"lake": {"kind": "files", "path": str(lake)}})
    asked = []
    for name in names:
        path = lake / (name if kind == "folder" else f"{name}.{kind}")
        # A file of CSV does not tell the word null from NULL.
        table = pa.table({"v": [f"value of {name}" if kind == "csv" else name], "n": [1]})
        if kind == "csv":
            csv.write_csv(table, path)
        elif kind == "parquet":
            parquet.write_table(table, path)
        else:
            (path / "k=1").mkdir(parents=True)
            parquet.write_table(table, path / "k=1" / "part-0.parquet")
        reach = {
            "kind": "files",
            "format": "csv" if kind == "csv" else "parquet",
            "path": str(path),
            "hive": kind == "folder",
        }
        asked.append(
            {"source": "lake", "ref": {"schema": "", "table": name}, "reach": reach, "columns": [{"name": "v"}]}
        )
    run_all(shell, asked, names)
