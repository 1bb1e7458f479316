"""Each line of the table in docs/users/sql.md for those who come from jupysql or ipython-sql."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import test_databases
from IPython.core.error import UsageError
from sql_servers import Configured

from lakeside.sources import SourceError

DOCS = Path(__file__).parents[3] / "docs/users/sql.md"


@pytest.fixture
def shell(configured: Configured, tmp_path: Path) -> Iterator[Any]:
    from IPython.core.interactiveshell import InteractiveShell

    (tmp_path / "lake").mkdir()
    (tmp_path / "lake" / "t.csv").write_text("a\n1\n2\n3\n")
    configured.write({"lake": {"kind": "files", "path": str(tmp_path / "lake")}})
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "lakeside")
    yield shell
    InteractiveShell.clear_instance()


def run(shell: Any, code: str) -> Any:
    done = shell.run_cell(code)
    done.raise_error()
    return done.result


def load_ext_sql(shell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """An extension `sql` with a magic of that name, as jupysql and ipython-sql have one."""
    from IPython.core.magic import Magics, line_cell_magic, magics_class

    @magics_class
    class SqlMagic(Magics):
        @line_cell_magic
        def sql(self, line: str, cell: str | None = None) -> str:
            return "the other"

    module = ModuleType("sql")
    module.load_ipython_extension = lambda shell: shell.register_magics(SqlMagic)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sql", module)
    run(shell, "%load_ext sql")


def test_the_extension_that_was_loaded_last_has_the_magic(shell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from IPython.core.completer import provisionalcompleter

    def completed() -> list[str]:
        with provisionalcompleter():
            return [each.text for each in shell.Completer.completions("%%sql\nSELECT * FROM t", 21)]

    assert run(shell, "%sql SELECT 1 AS a")["a"].tolist() == [1]
    assert completed() == ["t"]
    load_ext_sql(shell, monkeypatch)
    assert run(shell, "%sql SELECT 1 AS a") == "the other"
    assert run(shell, "%%sql\nSELECT 1 AS a") == "the other"
    assert completed() != ["t"]
    run(shell, "%reload_ext lakeside")
    assert run(shell, "%sql SELECT 1 AS a")["a"].tolist() == [1]
    assert completed() == ["t"]


def test_a_line_gives_a_frame(shell: Any) -> None:
    frame = run(shell, "%sql SELECT sum(a) AS a FROM t")
    run(shell, "x = %sql SELECT sum(a) AS a FROM t")
    assert frame["a"].tolist() == shell.user_ns["x"]["a"].tolist() == [6]
    assert type(frame).__name__ == "DataFrame"
    assert not hasattr(frame, "DataFrame")


@pytest.mark.parametrize("code", ["%sql x << SELECT 1 AS a", "%%sql x <<\nSELECT 1\nAS a"])
def test_an_arrow_names_the_variable(shell: Any, code: str) -> None:
    assert run(shell, code) is None
    assert shell.user_ns["x"]["a"].tolist() == [1]


def test_the_last_of_several_statements_counts(shell: Any) -> None:
    run(shell, "%%sql x\nCREATE TEMP TABLE own AS SELECT 1 AS a;\nINSERT INTO own VALUES (2);\nSELECT * FROM own;")
    assert shell.user_ns["x"]["a"].tolist() == [1, 2]


def test_an_expression_is_bound(shell: Any) -> None:
    shell.user_ns["x"] = "1 OR 1 = 1"
    assert run(shell, "%sql SELECT count(*) AS n FROM t WHERE a::text = {{x}}")["n"].tolist() == [0]
    shell.user_ns["x"] = 1
    assert run(shell, "%sql SELECT a FROM t WHERE a > {{x}}")["a"].tolist() == [2, 3]


def test_an_expression_in_quotes_is_refused(shell: Any) -> None:
    shell.user_ns["x"] = "1"
    with pytest.raises(SourceError, match="Leave the quotes out"):
        run(shell, "%sql SELECT a FROM t WHERE a = '{{x}}'")


def test_a_colon_is_of_sql(shell: Any) -> None:
    shell.user_ns["x"] = 2
    assert run(shell, "%sql SELECT '5'::int AS a, ':x' AS b, [1, 2, 3][2:3] AS c").values.tolist()[0][:2] == [5, ":x"]
    with pytest.raises(SourceError):
        run(shell, "%sql SELECT a FROM t WHERE a > :x")


def test_sources_take_the_place_of_connections(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SourceError, match=r"There is no option --connections.+--sources"):
        run(shell, "%sql --connections")
    run(shell, "%sql --sources")
    assert capsys.readouterr().out.endswith("\nlake (files)\n")


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///shop.db", "duckdb://", "oracle://ada@host/db"])
def test_other_addresses_are_refused(shell: Any, address: str) -> None:
    with pytest.raises(SourceError, match="takes connection strings of mariadb, mysql, postgres"):
        run(shell, f"%sql {address}")


def test_what_is_not_there(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    for option in ("save", "with"):
        with pytest.raises(SourceError, match=f"There is no option --{option}"):
            run(shell, f"%%sql --{option} first\nSELECT 1")
    for magic in ("sqlplot", "sqlcmd"):
        assert shell.find_line_magic(magic) is None
    with pytest.raises(UsageError, match="SqlMagic"):
        run(shell, "%config SqlMagic")


_TESTED: dict[str, Any] = {
    "`%load_ext sql`": test_the_extension_that_was_loaded_last_has_the_magic,
    "`%sql postgresql://user:password@host/db`": test_databases.test_calls_that_other_magics_know,
    "`%%sql postgresql://…` with a statement below": test_databases.test_calls_that_other_magics_know,
    "`%sql SELECT …`, `x = %sql SELECT …`": test_a_line_gives_a_frame,
    "`%sql x << SELECT …`, `%%sql x <<`": test_an_arrow_names_the_variable,
    "several statements in a cell": test_the_last_of_several_statements_counts,
    "`WHERE a > {{x}}`": test_an_expression_is_bound,
    "`WHERE a = '{{x}}'`": test_an_expression_in_quotes_is_refused,
    "`:x` as a parameter": test_a_colon_is_of_sql,
    "`%sql --connections`": test_sources_take_the_place_of_connections,
    "`sqlite://`, `duckdb://` and others": test_other_addresses_are_refused,
    "`--save`, `--with`, `%sqlplot`, `%sqlcmd`, `%config SqlMagic`": test_what_is_not_there,
}


def test_each_line_of_the_table_has_its_test() -> None:
    section = (
        DOCS.read_text(encoding="utf-8").partition("## Coming from jupysql or ipython-sql")[2].partition("\n## ")[0]
    )
    lines = re.findall(r"^\| (.+?) \| .+ \|$", section, re.MULTILINE)
    assert lines[1:] == list(_TESTED)
