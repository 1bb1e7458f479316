"""Completion in cells of SQL: where the cursor stands, what is offered, and what a kernel answers."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
import yaml
from sql_servers import Configured, Server

import lakeside
from lakeside.sources import Source, find_source
from lakeside.sources.record import Dialect
from lakeside.sql.names import catalogue, store
from lakeside.sql.names.catalogue import Table
from lakeside.sql.names.offer import offers
from lakeside.sql.names.place import place_at
from lakeside.sql.names.store import Names
from lakeside.sql.names.written import written

ROOT = Path(__file__).parents[3]


def parted(text: str) -> tuple[str, int]:
    """A text without the bar that marks the cursor, and where it was."""
    before, _, after = text.partition("|")
    return before + after, len(before)


@pytest.mark.parametrize(
    ("text", "kind", "fragment", "before"),
    [
        ("SELECT * FROM fl|", "table", "fl", ()),
        ("SELECT * FROM |", "table", "", ()),
        ("SELECT * FROM public.fl|", "table", "fl", ("public",)),
        ("SELECT * FROM Public.|", "table", "", ("public",)),
        ('SELECT * FROM "My Schema".fl|', "table", "fl", ("My Schema",)),
        ('SELECT * FROM "My|', "table", '"My', ()),
        ('SELECT * FROM "M""y|"', "table", '"M""y', ()),
        ("SELECT * FROM a, b|", "table", "b", ()),
        ("SELECT * FROM a JOIN (SELECT 1, 2) x, b|", "table", "b", ()),
        ("SELECT a, b| FROM t", "value", "b", ()),
        ("SELECT f.d| FROM flights f", "value", "d", ("f",)),
        ("SELECT 1; SELECT * FROM fl|; SELECT 2", "table", "fl", ()),
        ("INSERT INTO t|", "table", "t", ()),
        ("INSERT INTO t (a, b|", "value", "b", ()),
        ("SELECT * FROM t ORDER BY a DESC |", "value", "", ()),
        ("DESC t|", "table", "t", ()),
        ("SELECT * FROM订单|", "value", "FROM订单", ()),
        ("SELECT * FROM 订|", "table", "订", ()),
    ],
)
def test_where_the_cursor_stands(text: str, kind: str, fragment: str, before: tuple[str, ...]) -> None:
    place = place_at(*parted(text), "postgresql")
    assert place is not None
    assert (place.kind, place.fragment, place.before) == (kind, fragment, before)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 'a|",
        "SELECT 'a|'",
        "SELECT 1 -- a|",
        "SELECT /* a| */ 1",
        "SELECT {{mon|}}",
        "SELECT {{mon|",
        "SELECT $$a|",
        'SELECT "a"|',
        "SELECT 12|",
    ],
)
def test_nothing_is_offered_there(text: str) -> None:
    assert place_at(*parted(text), "postgresql") is None


@pytest.mark.parametrize(
    ("text", "tables"),
    [
        ("SELECT | FROM flights", {"flights": ("flights",)}),
        ("SELECT | FROM public.flights AS f", {"f": ("public", "flights")}),
        ("SELECT * FROM flights F JOIN air.ports p ON |", {"F": ("flights",), "p": ("air", "ports")}),
        ("SELECT | FROM a, b x, (SELECT 1 FROM c) d", {"a": ("a",), "x": ("b",), "c": ("c",)}),
        ("UPDATE t SET |", {"t": ("t",)}),
        ("DELETE FROM t WHERE |", {"t": ("t",)}),
        ('SELECT | FROM "A.b"."C" WHERE 1 = 1', {"C": ("A.b", "C")}),
        ("SELECT * FROM old; SELECT | FROM new", {"new": ("new",)}),
        ("SELECT | FROM a LEFT JOIN b USING (x) ORDER BY y", {"a": ("a",), "b": ("b",)}),
    ],
)
def test_which_tables_a_statement_names(text: str, tables: dict[str, tuple[str, ...]]) -> None:
    place = place_at(*parted(text), "postgresql")
    assert place is not None
    assert place.tables == tables


@pytest.mark.parametrize(
    ("name", "dialect", "text"),
    [
        ("flights", "postgresql", "flights"),
        ("Flights", "postgresql", '"Flights"'),
        ("Flights", "duckdb", "Flights"),
        ("order", "mysql", "`order`"),
        ("a`b", "mysql", "`a``b`"),
        ('a"b', "postgresql", '"a""b"'),
        ("2013", "duckdb", '"2013"'),
        ("raw/2013", "duckdb", '"raw/2013"'),
    ],
)
def test_names_are_quoted_where_they_need_it(name: str, dialect: Dialect, text: str) -> None:
    assert written(name, dialect) == text


SHOP = Source("shop", "postgresql", {"host": "h"}, "here")


class Known(Names):
    """Names without a source."""

    def tables(self, source: Source, prefix: str, schema: str = "") -> Sequence[Table]:
        return [
            Table("public", "flights", True),
            Table("public", "Flown", True),
            Table("other", "flags", False),
            Table("flat", "a", False),
        ]

    def columns(self, source: Source, tables: Sequence[tuple[str, str]]) -> Sequence[str]:
        known = {("", "flights"): ["id", "delay"], ("other", "flags"): ["id", "flag of"]}
        return [column for table in tables for column in known.get(table, [])]


def offered(text: str) -> list[str]:
    found = offers(Known(), SHOP, *parted(text))
    return [] if found is None else [name for name, kind in found[1] if kind != "keyword"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("SELECT * FROM fl|", ["flights", '"Flown"', "flat", "other.flags"]),
        ('SELECT * FROM "Fl|', ['"flights"', '"Flown"', '"flat"']),
        ('SELECT * FROM "Flo|"', ['"Flown']),
        ("SELECT * FROM other.|", ["flags"]),
        ("WITH flew AS (SELECT 1) SELECT * FROM fle|", ["flew"]),
        ("SELECT de| FROM flights", ["delay"]),
        ("SELECT i| FROM flights f, other.flags g", ["id"]),
        ("SELECT g.| FROM flights f, other.flags g", ["id", '"flag of"']),
        ("SELECT other.flags.| FROM other.flags", ["id", '"flag of"']),
        ("SELECT nothing.| FROM flights", []),
    ],
)
def test_what_is_offered(text: str, names: list[str]) -> None:
    assert offered(text) == names


def test_keywords_are_as_large_as_what_was_begun() -> None:
    small, large = (offers(Known(), SHOP, *parted(f"SELECT 1 {begun}|")) for begun in ("fr", "FR"))
    assert small == ("fr", [("from", "keyword")])
    assert large == ("FR", [("FROM", "keyword")])


def test_a_source_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Any, ...]] = []

    def tables(*given: Any) -> list[Table]:
        asked.append(given)
        return [Table("s", "t", True)]

    now = [0.0]
    monkeypatch.setattr(catalogue, "tables", tables)
    names = Names(lambda: now[0])
    assert [table.name for _ in range(3) for table in names.tables(SHOP, "t")] == ["t"] * 3
    assert len(asked) == 1
    now[0] = store.FRESH + 1
    names.tables(SHOP, "t")
    names.forget("shop")
    names.tables(SHOP, "t")
    names.tables(Source("shop", "postgresql", {"host": "other"}, "here"), "t")
    assert len(asked) == 4


def test_a_source_that_fails_is_left_alone_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def columns(source: Source, schema: str, name: str) -> list[str]:
        asked.append(name)
        raise RuntimeError("down")

    now = [0.0]
    monkeypatch.setattr(catalogue, "columns", columns)
    names = Names(lambda: now[0])
    assert [names.columns(SHOP, [("", "t")]) for _ in range(3)] == [[], [], []]
    now[0] = store.REST + 1
    names.columns(SHOP, [("", "t")])
    assert asked == ["t", "t"]


def test_nobody_waits_for_a_source_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = threading.Event()

    def columns(source: Source, schema: str, name: str) -> list[str]:
        answers.wait(10)
        return [name]

    monkeypatch.setattr(catalogue, "columns", columns)
    monkeypatch.setattr(store, "PATIENCE", 0.2)
    names, began = Names(), time.monotonic()
    # As many as wait already, and one more, which is not asked for.
    assert names.columns(SHOP, [("", f"t{at}") for at in range(5)]) == []
    assert names.columns(SHOP, [("", "t0")]) == []
    assert time.monotonic() - began < 0.6
    answers.set()
    monkeypatch.setattr(store, "PATIENCE", 5)
    assert names.columns(SHOP, [("", "t0")]) == ["t0"]


def test_many_tables_are_asked_for_by_how_they_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    def tables(source: Source, prefix: str | None = None, schema: str = "") -> list[Table]:
        if prefix is None:
            return [Table("s", f"a{number}", True) for number in range(6)]
        return [Table("s", f"{prefix}_found", True)]

    monkeypatch.setattr(catalogue, "tables", tables)
    monkeypatch.setattr(store, "MOST", 5)
    assert [table.name for table in Names().tables(SHOP, "zz")] == ["zz_found"]


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A kernel with a lake, a database that is not there, and one that never says a word."""
    from jupyter_client.manager import start_new_kernel

    folder = tmp_path_factory.mktemp("kernel")
    (folder / "lake" / "raw").mkdir(parents=True)
    parquet.write_table(pa.table({"carrier": ["UA"], "dep delay": [1]}), folder / "lake" / "flights.parquet")
    (folder / "lake" / "raw" / "air ports.csv").write_text("code,city\nEWR,Newark\n")
    (folder / "lake" / "raw" / "planes.csv").write_text("code\nN1\n")
    silent, closed = socket.create_server(("127.0.0.1", 0)), socket.create_server(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in (silent, closed)]
    closed.close()
    database = {"kind": "postgresql", "host": "127.0.0.1", "user": "ada"}
    sources = {
        "lake": {"kind": "files", "path": str(folder / "lake")},
        "silent": {**database, "port": ports[0]},
        "closed": {**database, "port": ports[1]},
        "silent-my": {**database, "kind": "mariadb", "port": ports[0]},
        "nowhere": {"kind": "iceberg", "uri": f"http://127.0.0.1:{ports[1]}"},
    }
    config = folder / "config/lakeside/config.yml"
    config.parent.mkdir(parents=True)
    config.write_text(yaml.safe_dump({"sources": sources}))
    own = {name: str(folder / name) for name in ("IPYTHONDIR", "LAKESIDE_HOME", "JUPYTER_RUNTIME_DIR")}
    env = {**os.environ, **own, "XDG_CONFIG_HOME": str(folder / "config"), "PYTHONPATH": str(ROOT)}
    manager, client = start_new_kernel(env=env, cwd=str(folder))
    # The first Tab of a kernel may be over before PyArrow is imported: on a busy machine that takes seconds.
    client.execute_interactive("%reload_ext lakeside\nimport duckdb, pyarrow.dataset, pyarrow.fs, yaml", timeout=120)
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    silent.close()


def answered(kernel: Any, text: str) -> tuple[list[str], str]:
    """What a kernel offers for a cell with a bar at the cursor, and what it would replace; it prints nothing."""
    code, cursor = parted(text)
    reply = kernel.complete(code, cursor, reply=True, timeout=30)
    while True:
        message = kernel.get_iopub_msg(timeout=30)
        assert message["msg_type"] != "stream", message["content"]
        is_own = message["parent_header"].get("msg_id") == reply["parent_header"]["msg_id"]
        if is_own and message["content"].get("execution_state") == "idle":
            break
    content = reply["content"]
    return content["matches"], code[content["cursor_start"] : content["cursor_end"]]


@pytest.mark.parametrize(
    ("text", "first", "replaced"),
    [
        ("%%sql --source lake\nSELECT * FROM fl|", "flights", "fl"),
        ("\n%%sql --source lake\nSELECT *\nFROM fl|\nWHERE 1 = 1", "flights", "fl"),
        ("%%sql a --source=lake SELECT * FROM fl|", "flights", "fl"),
        ("a = %sql --source lake SELECT * FROM fl|", "flights", "fl"),
        ("x = 1\n%sql --source lake SELECT * FROM fl|\ny = 2", "flights", "fl"),
        ("%%sql --source lake\nSELECT * FROM raw.|", '"air ports"', ""),
        ('%%sql --source lake\nSELECT * FROM raw."ai|"', '"air ports', '"ai'),
        ("%%sql --source lake\nSELECT ca| FROM flights", "carrier", "ca"),
        ("%%sql --source lake\nSELECT f.| FROM flights f", "carrier", ""),
        ("%%sql --source lake\nSELECT de| FROM flights", '"dep delay"', "de"),
        ('%%sql --source lake\nSELECT c| FROM raw."air ports"', "code", "c"),
        ("%%sql --source lake\nsel|", "select", "sel"),
        ("%%sql --so|", "--source", "--so"),
        ("%%sql --source si|", "silent", "si"),
        ("%%sql --engine=p|", "pandas", "p"),
        ("%sql SEL|", "SELECT", "SEL"),
    ],
)
def test_a_kernel_completes(kernel: Any, text: str, first: str, replaced: str) -> None:
    matches, what = answered(kernel, text)
    assert (matches[0] if matches else None, what) == (first, replaced)


@pytest.mark.parametrize("source", ["silent", "silent-my", "closed", "nowhere", "unknown"])
def test_a_source_that_is_down_offers_nothing(kernel: Any, source: str) -> None:
    for most in (3, 1):
        began = time.monotonic()
        assert answered(kernel, f"%%sql --source {source}\nSELECT * FROM fl|") == ([], "")
        assert time.monotonic() - began < most


def test_python_is_completed_by_python(kernel: Any) -> None:
    kernel.execute_interactive("months_of_a_year = 12", timeout=30)
    assert answered(kernel, "months_of|")[0] == ["months_of_a_year"]
    assert "months_of_a_year" in answered(kernel, "%%sql --source lake\nSELECT {{months_of|}}")[0]
    assert answered(kernel, "'%sql'.upp|")[0] == ["upper"]


def test_loading_imports_no_driver() -> None:
    code = """
import sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
before = set(sys.modules)
shell.run_line_magic("load_ext", "lakeside")
shell.run_line_magic("reload_ext", "lakeside")
shell.Completer.complete(line_buffer="impo", cursor_pos=4)
print(sorted(name for name in set(sys.modules) - before if not name.startswith("lakeside.magics")))
print(len([each for each in shell.Completer.custom_matchers]))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    modules, matchers = done.stdout.strip().splitlines()[-2:]
    assert not {"lakeside.sql", "lakeside.sources", "yaml", "pyarrow", "pandas"} & set(eval(modules))
    assert matchers == "1"


def names_at(source: str, text: str) -> list[str]:
    found = offers(Names(), find_source(source), *parted(text))
    assert found is not None
    return [name for name, kind in found[1] if kind != "keyword"]


@pytest.mark.databases
def test_postgresql(pg: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "PATIENCE", 10)
    with lakeside.get_connection("pg") as connection:
        connection.execute(
            'CREATE SCHEMA IF NOT EXISTS "Tab 1"; CREATE TABLE IF NOT EXISTS "Tab 1"."Com%plete_d" (a int, "B b" int); '
            'CREATE TABLE IF NOT EXISTS completed (id int, "user" text, gone int); '
            "ALTER TABLE completed DROP COLUMN IF EXISTS gone"
        )
    assert names_at("pg", "SELECT * FROM compl|") == ["completed"]
    assert names_at("pg", "SELECT * FROM com|") == ["completed", '"Tab 1"."Com%plete_d"']
    assert names_at("pg", 'SELECT * FROM "Tab 1".|') == ['"Com%plete_d"']
    assert names_at("pg", "SELECT c.| FROM COMPLETED c") == ["id", '"user"']
    assert names_at("pg", 'SELECT | FROM "Tab 1"."Com%plete_d" AS x') == ["a", '"B b"', "x"]
    source = find_source("pg")
    assert [each.name for each in catalogue.tables(source, "com%PL")] == ["Com%plete_d"]
    assert [each.name for each in catalogue.tables(source, "com", "public")] == ["completed"]
    assert catalogue.columns(source, "", "no such table") == []


@pytest.mark.databases
def test_mariadb(my: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "PATIENCE", 10)
    lakeside.read_sql("CREATE TABLE IF NOT EXISTS `Com%plete_d` (a int, `B b` int, `rank` int)", "my")
    assert names_at("my", "SELECT * FROM com|") == ["`Com%plete_d`"]
    assert names_at("my", "SELECT * FROM `Com|`") == ["`Com%plete_d"]
    assert names_at("my", f"SELECT * FROM {my.database}.com|") == ["`Com%plete_d`"]
    assert names_at("my", "SELECT | FROM `Com%plete_d` c") == ["a", "`B b`", "`rank`", "c"]
    source = find_source("my")
    assert [each.name for each in catalogue.tables(source, "com%PL")] == ["Com%plete_d"]
    assert catalogue.columns(source, my.database, "Com%plete_d") == ["a", "B b", "rank"]


@pytest.mark.databases
@pytest.mark.parametrize("name", ["pg", "my"])
def test_a_wrong_password_offers_nothing(name: str, request: pytest.FixtureRequest, configured: Configured) -> None:
    request.getfixturevalue(name)
    configured.patch.setenv(f"{name.upper()}_PASSWORD", "Pw-wrong")
    assert names_at(name, "SELECT * FROM com|") == []
