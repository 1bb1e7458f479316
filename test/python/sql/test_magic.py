"""``%%sql`` and ``%sql`` in IPython, on files."""

from __future__ import annotations

import base64
import re
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from sql_servers import Configured

import lakeside
from lakeside.sources import SourceError
from lakeside.sql import cache
from lakeside.sql.grid import html


@pytest.fixture
def shell(configured: Configured, tmp_path: Path) -> Iterator[Any]:
    """IPython with the magics, and a lake with flights in parts."""
    from IPython.core.interactiveshell import InteractiveShell

    for month in (1, 2):
        folder = tmp_path / "lake" / "flights" / f"month={month}"
        folder.mkdir(parents=True)
        table = pa.table({"carrier": ["UA", "AA", "it's"] * 50, "delay": list(range(150))})
        parquet.write_table(table, folder / "part.parquet")
    (tmp_path / "lake" / "raw" / "2013").mkdir(parents=True)
    (tmp_path / "lake" / "raw" / "2013" / "airports.csv").write_text("code,city\nEWR,Newark\n")
    (tmp_path / "lake" / "raw" / "2013" / "planes.csv").write_text("code\nN1\n")
    configured.write({"lake": {"kind": "files", "path": str(tmp_path / "lake")}})
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "lakeside")
    yield shell
    InteractiveShell.clear_instance()


def cell(shell: Any, line: str, body: str = "") -> None:
    shell.run_cell(f"%%sql {line}\n{body}").raise_error()


def test_a_variable(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    cell(shell, "flights", "SELECT * FROM flights")
    assert shell.user_ns["flights"].shape == (300, 3)
    assert sorted(shell.user_ns["flights"]["month"].unique()) == [1, 2]
    assert re.fullmatch("flights: 300 rows \N{MULTIPLICATION SIGN} 3 columns in .+\\.", capsys.readouterr().out.strip())


@pytest.mark.parametrize(
    "code",
    [
        "found << SELECT 1 AS a",
        "found <<\nSELECT 1 AS a",
        "found --source lake\nSELECT 1 AS a",
        "--source=lake found --quiet\nSELECT 1 AS a",
    ],
)
def test_ways_to_name_a_variable(shell: Any, code: str) -> None:
    magic = "%%sql" if "\n" in code else "%sql"
    shell.run_cell(f"{magic} {code}").raise_error()
    assert shell.user_ns["found"]["a"].tolist() == [1]


def test_a_line_gives_the_frame(shell: Any) -> None:
    shell.run_cell("found = %sql SELECT count(*) AS n FROM flights").raise_error()
    assert shell.user_ns["found"]["n"].tolist() == [300]


def test_preview_says_that_there_are_more(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    cell(shell, "a --preview", "FROM flights")
    assert len(shell.user_ns["a"]) == 100
    assert "first 100 of more \N{MULTIPLICATION SIGN} 3 columns" in capsys.readouterr().out
    cell(shell, "a --preview --limit 300", "FROM flights")
    assert "more" not in capsys.readouterr().out


@pytest.mark.parametrize(("engine", "kind"), [("pandas", "DataFrame"), ("arrow", "Table"), ("polars", "DataFrame")])
def test_engines(shell: Any, engine: str, kind: str) -> None:
    cell(shell, f"a --engine {engine}", "SELECT 1 AS a")
    made = shell.user_ns["a"]
    assert (type(made).__name__, type(made).__module__.split(".")[0]) == (kind, engine.replace("arrow", "pyarrow"))


def test_quiet_prints_nothing(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    cell(shell, "a --quiet", "SELECT 1 AS a")
    assert capsys.readouterr().out == ""


def test_schemas_are_folders(shell: Any) -> None:
    cell(shell, "a --quiet", 'SELECT a.city, p.code FROM "raw/2013".airports a, "raw/2013"."planes" p')
    assert shell.user_ns["a"].values.tolist() == [["Newark", "N1"]]


def test_values_are_bound(shell: Any) -> None:
    shell.user_ns.update(name="it's", least=100, months=[1, 2], nothing=None)
    cell(
        shell,
        "a --quiet",
        "SELECT * FROM flights WHERE carrier = {{name}} AND delay > {{least + 20}} AND month IN {{months}} "
        "AND {{nothing}} IS NULL AND '%' LIKE '%%'",
    )
    assert len(shell.user_ns["a"]) == 2 * len([at for at in range(121, 150) if at % 3 == 2])


def test_an_expression_may_hold_braces(shell: Any) -> None:
    cell(shell, "a --quiet", "SELECT {{ {'x': {'y': 5}}['x']['y'] }} AS v")
    assert shell.user_ns["a"]["v"].tolist() == [5]


@pytest.mark.parametrize(
    "literal", ['\'a"""b\'', "'100%'", "'%s %(a)s'", "':x ::y'", "'订单 😀'", "'{ {x} }'", "'}}'", "$$ {'; $$"]
)
def test_texts_survive(shell: Any, literal: str) -> None:
    shell.user_ns["x"] = 1
    for more in ("", ", {{x}} AS x"):
        cell(shell, "a --quiet", f"SELECT {literal} AS v{more}")
        assert shell.user_ns["a"]["v"].tolist() == [literal[2:-2] if literal[0] == "$" else literal[1:-1]]


@pytest.mark.parametrize("text", ["'{{name}}'", "'%{{name}}%'", "$$ {{name}} $$"])
def test_an_expression_in_quotes_is_refused(shell: Any, text: str) -> None:
    shell.user_ns["name"] = "x"
    with pytest.raises(SourceError, match="inside a text in quotes"):
        cell(shell, "a", f"SELECT {text}")


@pytest.mark.parametrize(
    "text", ['SELECT 1 AS "{{name}}"', "SELECT 1 AS a -- {{name}}", "SELECT 1 /* {{name}} */ AS a"]
)
def test_names_and_comments_keep_their_braces(shell: Any, text: str) -> None:
    cell(shell, "a --quiet", text)
    assert len(shell.user_ns["a"]) == 1


@pytest.mark.parametrize(
    ("line", "body", "said"),
    [
        ("--sorce lake", "SELECT 1", "Did you mean --source"),
        ("--source lke", "SELECT 1", "Did you mean lake"),
        ("--engine pandsa", "SELECT 1", "no engine 'pandsa'"),
        ("--limit x", "SELECT 1", "number of rows"),
        ("--cache=soon", "SELECT 1", "--cache=30m"),
        ("a", "SELECT * FROM nowhere", "There are: flights"),
        ("a", "SELECT {{empty}}", "is empty"),
        ("a", "SELECT {{shell}}", "cannot be bound"),
        ("a", "SELECT {{1 +}}", "no expression"),
        ("a b c", "SELECT 1", "does not know what 'b' is for"),
    ],
)
def test_errors_have_a_cure(shell: Any, line: str, body: str, said: str) -> None:
    shell.user_ns.update(empty=[], shell=object())
    with pytest.raises(SourceError, match=re.escape(said)):
        cell(shell, line, body)


def test_an_error_shows_its_sentence_alone(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    shell.run_cell("%%sql\nSELECT * FROM nowhere")
    assert "Traceback" not in capsys.readouterr().out


def test_the_cache_prints_its_age(shell: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for _ in range(2):
        cell(shell, "a --cache=1h", "SELECT count(*) AS n FROM flights")
    first, second = capsys.readouterr().out.strip().splitlines()
    assert "kept" not in first
    assert re.search(r"kept \d+ ms ago \(--refresh asks anew\)", second)
    file = next((tmp_path / "home").rglob("*.arrow"))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    cell(shell, "a --cache=1h --refresh", "SELECT count(*) AS n FROM flights")
    assert "kept" not in capsys.readouterr().out
    time.sleep(1.1)
    cell(shell, "a --cache=1s", "SELECT count(*) AS n FROM flights")
    assert "kept" not in capsys.readouterr().out


def test_the_cache_keeps_apart_what_differs(shell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from lakeside.sources import Source
    from lakeside.sql.statement import prepare

    def key(user: str = "ada", sql: str = "SELECT {{x}}", value: Any = 1, limit: int | None = None) -> str:
        source = Source("shop", "postgresql", {"host": "h", "user": user, "password": {"env": "A"}}, "")
        return cache.key(source, prepare(sql, "postgresql", lambda _: value), limit)

    monkeypatch.setenv("JUPYTERHUB_USER", "one")
    keys = [key(), key(user="bob"), key(sql="SELECT  {{x}}"), key(value="1"), key(value=True), key(limit=5)]
    monkeypatch.setenv("JUPYTERHUB_USER", "two")
    keys.append(key())
    assert len(set(keys)) == len(keys)
    monkeypatch.setenv("JUPYTERHUB_USER", "one")
    assert key() == keys[0]


def test_what_changes_something_is_not_kept(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    cell(shell, "a --cache", "CREATE TEMP TABLE t AS SELECT 1 AS x; SELECT * FROM t")
    assert "was not kept" in capsys.readouterr().out


def test_the_grid_is_bounded_and_escaped() -> None:
    table = pa.table({"<b>": ["<script>alert(1)</script>", None] + ["x" * 1000] * 1000, "n": range(1002)})
    made = html(table, "1,002 rows", "rows")
    assert "<script" not in made
    assert "<b>" not in made
    assert made.count("<tr>") == 101
    link = re.search(r"base64,([^\"]+)", made)
    assert link is not None
    lines = base64.b64decode(link[1]).decode().split("\r\n")
    assert lines[0] == "<b>,n"
    assert len(lines) == 102
    assert len(html(pa.table({"a": ["x" * 100_000] * 100}), "", "rows")) < 100_000


def test_a_cell_without_a_variable_shows_a_grid(shell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[dict[str, str]] = []
    monkeypatch.setattr("lakeside.magics.sql.publish_display_data", shown.append)
    cell(shell, "", "SELECT 1 AS a")
    assert list(shown[0]) == ["text/html", "text/plain"]
    assert 'download="rows.csv"' in shown[0]["text/html"]


def test_nothing_is_imported_before_it_is_used() -> None:
    import subprocess
    import sys

    heavy = ["duckdb", "pandas", "polars", "psycopg", "pyarrow", "pyiceberg", "pymysql", "sqlalchemy", "jupyter_server"]
    code = f"import lakeside, lakeside.magics, lakeside.toolbox, sys; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_kernel_without_the_packages_says_so(shell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "duckdb", None)
    from lakeside.sql import sessions

    sessions.close_session("lake")
    with pytest.raises(SourceError, match=r"pip install 'lakeside\[sql\]'"):
        lakeside.read_sql("SELECT 1", "lake")


def test_the_embedded_lake(configured: Configured, tmp_path: Path) -> None:
    configured.patch.setenv("LAKESIDE_ROOT", str(tmp_path))
    with pytest.raises(SourceError, match="there is no folder"):
        lakeside.read_sql("SELECT 1", "lake")
    (tmp_path / "lake").mkdir()
    parquet.write_table(pa.table({"a": [1]}), tmp_path / "lake" / "t.parquet")
    assert lakeside.read_sql("FROM t")["a"].tolist() == [1]
    parquet.write_table(pa.table({"a": [2]}), tmp_path / "lake" / "later.parquet")
    assert lakeside.read_sql("FROM later")["a"].tolist() == [2]
