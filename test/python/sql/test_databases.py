"""What only a real database shows: injection, interrupts, secrets, errors, and the calls that other magics know."""

from __future__ import annotations

import os
import signal
import threading
import time
import traceback
from collections.abc import Iterator
from typing import Any

import pytest
from sql_servers import Configured, Server

import lakeside
from lakeside.sources import SourceError, find_source
from lakeside.sql.sessions import run_all, session_of
from lakeside.sql.statement import prepare

pytestmark = pytest.mark.databases

_CORPUS = [
    *(
        "'",
        "''",
        "' OR '1'='1",
        "'; DROP TABLE victim; --",
        "\\",
        "\\'",
        "\\\\'; DROP TABLE victim; #",
        '"',
        "`",
        "--",
        "/*",
    ),
    *(
        "*/",
        "$$",
        "$1",
        "%s",
        "%(a)s",
        "%%",
        "%",
        ":x",
        "{{x}}",
        "?",
        ";",
        "\n",
        "\r\n",
        "\t",
        "\x1a",
        "\x08",
        "\u2019",
        "\u02bc",
    ),
    *("\u00bf'", "\u00bf\u5c27 OR 1=1", "\ud55c'", "订单", "😀", "E'\\x27'", "U&'\\0027'", "') UNION SELECT 'x' --"),
    *(
        "1; DROP TABLE victim",
        "0x27",
        "CHAR(39)",
        "NULL",
        "\\N",
        "\\.",
        "",
        " ",
        "a" * 100_000,
        "'" * 1001,
        "\\" * 1001,
    ),
]


@pytest.fixture(params=["pg", "my"])
def source(request: pytest.FixtureRequest) -> str:
    request.getfixturevalue(request.param)
    return str(request.param)


def ask(source: str, sql: str, **values: Any) -> list[dict[str, Any]]:
    found = find_source(source)
    modes = session_of(found).modes()
    answer = run_all(found, prepare(sql, found.dialect, lambda name: values[name], modes), None)
    rows: list[dict[str, Any]] = [] if answer.table is None else answer.table.to_pylist()
    return rows


def test_nothing_gets_out_of_a_value(source: str) -> None:
    ask(source, "DROP TABLE IF EXISTS victim; CREATE TABLE victim (v varchar(10)); INSERT INTO victim VALUES ('x')")
    for text in _CORPUS:
        assert ask(source, "SELECT {{t}} AS v", t=text) == [{"v": text}]
        assert ask(source, "SELECT v FROM victim WHERE v = {{t}}", t=text) == []
        assert ask(source, "SELECT v FROM victim WHERE v IN {{t}} AND '%' = '%'", t=[text, text + "!"]) == []
        assert ask(source, "SELECT '%s' AS a, {{t}} AS v, ':x' AS b", t=text) == [{"a": "%s", "v": text, "b": ":x"}]
    assert ask(source, "SELECT v FROM victim") == [{"v": "x"}]


@pytest.mark.parametrize("modes", ["NO_BACKSLASH_ESCAPES", "ANSI_QUOTES", "NO_BACKSLASH_ESCAPES,ANSI_QUOTES", ""])
def test_nothing_gets_out_in_any_mode_of_mysql(my: Server, modes: str) -> None:
    ask("my", f"SET SESSION sql_mode = '{modes}'")
    mark = "'" if "ANSI" in modes else '"'
    for text in _CORPUS:
        literal = "\\" if "NO_BACK" in modes else "\\\\"
        row = ask("my", f"SELECT '{literal}' AS a, {{{{t}}}} AS v, {mark}it{mark} AS b", t=text)
        assert row == [{"a": "\\", "v": text, "b": "it"}]


def test_a_negative_number_is_no_comment(source: str) -> None:
    assert ask(source, "SELECT 1 -{{n}} AS v", n=-2) == [{"v": 3}]


@pytest.fixture
def other(source: str) -> Iterator[Any]:
    connection = lakeside.get_connection(source)
    yield connection
    connection.close()


def busy(source: str, other: Any) -> int:
    """How many statements of this test run at the server."""
    query = {
        # Where only the first rows are wanted, the server says that it fetches them.
        "pg": "SELECT count(*) FROM pg_stat_activity WHERE (query LIKE '%lakeside_slow%' OR query LIKE 'FETCH%') "
        "AND state = 'active' AND pid <> pg_backend_pid()",
        "my": "SELECT count(*) FROM information_schema.processlist WHERE info LIKE '%lakeside_slow%' "
        "AND id <> connection_id()",
    }[source]
    cursor = other.cursor()
    cursor.execute(query)
    count = int(cursor.fetchone()[0])
    other.commit()
    return count


_SLOW = {
    "pg": [
        "SELECT /* lakeside_slow */ pg_sleep(60)",
        "SELECT count(*) /* lakeside_slow */ FROM generate_series(1, 1000000000000)",
    ],
    "my": [
        "SELECT /* lakeside_slow */ SLEEP(60)",
        "SELECT COUNT(*) /* lakeside_slow */ FROM seq_1_to_100000000 WHERE seq % 7",
    ],
}
_LONG = {
    "pg": "SELECT i, repeat('x', 100) AS t /* lakeside_slow */ FROM generate_series(1, 1000000000) AS i",
    "my": "SELECT seq, REPEAT('x', 100) AS t /* lakeside_slow */ FROM seq_1_to_1000000000",
}


@pytest.mark.parametrize("which", [0, 1, 2])
@pytest.mark.parametrize("limit", [None, 10**9])
def test_an_interrupt_stops_the_server(source: str, other: Any, which: int, limit: int | None) -> None:
    # Programs that a shell starts behind its back ignore interrupts.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    query = [*_SLOW[source], _LONG[source]][which]
    if which == 2 and limit:
        limit = None
    lakeside.read_sql("SELECT 1", source)
    times: list[float] = []
    over = threading.Event()

    def interrupt() -> None:
        while not busy(source, other) and not over.is_set():
            time.sleep(0.02)
        # Where the statement failed or is done, an interrupt would hit the test itself.
        if over.wait(0.2):
            return
        times.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            lakeside.read_sql(query, source, limit=limit)
    finally:
        over.set()
        thread.join()
        signal.signal(signal.SIGINT, before)
    returned = time.monotonic() - times[0]
    while busy(source, other):
        assert time.monotonic() - times[0] < 5, "the server goes on"
        time.sleep(0.02)
    stopped = time.monotonic() - times[0]
    print(f"interrupt: back after {returned:.2f} s, stopped at the server after {stopped:.2f} s")
    assert stopped < 1
    assert lakeside.read_sql("SELECT 1 AS a", source)["a"].tolist() == [1]


def test_a_connection_that_broke_is_made_anew(source: str, other: Any) -> None:
    own = {"pg": "SELECT pg_backend_pid() AS id", "my": "SELECT connection_id() AS id"}[source]
    number = lakeside.read_sql(own, source)["id"][0]
    cursor = other.cursor()
    cursor.execute({"pg": f"SELECT pg_terminate_backend({number})", "my": f"KILL {number}"}[source])
    with pytest.raises(SourceError, match="Run the cell again"):
        lakeside.read_sql(own, source)
    assert lakeside.read_sql(own, source)["id"][0] != number


def test_a_wrong_password_is_told_without_it(source: str, configured: Configured) -> None:
    secret = "Pw-wrong-but-secret"
    configured.patch.setenv("PG_PASSWORD", secret)
    configured.patch.setenv("MY_PASSWORD", secret)
    for connect in (lakeside.get_connection, lambda name: lakeside.read_sql("SELECT 1", name)):
        with pytest.raises(SourceError, match="refused to sign lakeside in") as caught:
            connect(source)
        assert secret not in "".join(traceback.format_exception(caught.value))


def test_no_password_shows_itself(source: str, request: pytest.FixtureRequest) -> None:
    from IPython.core.interactiveshell import InteractiveShell

    server = request.getfixturevalue(source)
    connection, engine = lakeside.get_connection(source), lakeside.get_engine(source)
    shown = [repr(connection), str(connection), repr(engine), str(engine.url), repr(find_source(source))]
    shown += [repr(session_of(find_source(source))), repr(vars(connection)) if source == "my" else ""]
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "lakeside")
    shell.run_line_magic("xmode", "Verbose")
    from IPython.utils.capture import capture_output

    with capture_output() as output:
        shell.run_cell(f"%%sql --source {source}\nSELECT broken FROM nowhere")
        shell.run_cell(f"import lakeside\nlakeside.get_connection({source!r})")
        shell.run_cell(f"1 / 0 if %sql --source {source} SELECT 1 AS a\n")
        shell.run_cell(f"c = lakeside.get_connection({source!r})\n1 / 0")
    InteractiveShell.clear_instance()
    connection.close()
    engine.dispose()
    assert [text for text in [*shown, output.stdout, output.stderr] if server.password in text] == []
    assert "nowhere" in output.stdout + output.stderr


def test_sqlalchemy(source: str) -> None:
    import pandas as pd
    import sqlalchemy

    engine = lakeside.get_engine(source)
    with engine.connect() as connection:
        assert pd.read_sql(sqlalchemy.text("SELECT :x AS a"), connection, params={"x": 5})["a"].tolist() == [5]
    engine.dispose()


@pytest.fixture
def shell(source: str) -> Iterator[Any]:
    from IPython.core.interactiveshell import InteractiveShell

    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "lakeside")
    yield shell
    InteractiveShell.clear_instance()


def test_calls_that_other_magics_know(
    shell: Any, source: str, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each line of the table in docs/users/sql.md."""
    server = request.getfixturevalue(source)
    scheme = {"pg": "postgresql", "my": "mysql+pymysql"}[source]
    address = f"{scheme}://{server.user}:{server.password}@{server.host}:{server.port}/{server.database}"

    def run(code: str) -> Any:
        done = shell.run_cell(code)
        done.raise_error()
        return done.result

    run(f"%sql {address}")
    said = capsys.readouterr().out
    assert "The password stands in this notebook" in said
    assert server.password not in said
    assert run("%sql SELECT 1 AS a")["a"].tolist() == [1]
    run("result = %sql SELECT 2 AS a")
    assert shell.user_ns["result"]["a"].tolist() == [2]
    run("%sql result << SELECT 3 AS a")
    assert shell.user_ns["result"]["a"].tolist() == [3]
    run("%%sql result <<\nSELECT 4\nAS a")
    assert shell.user_ns["result"]["a"].tolist() == [4]
    run("%%sql\nDROP TABLE IF EXISTS peers;\nCREATE TABLE peers (a int);\nINSERT INTO peers VALUES (5), (6);")
    run("x = 5")
    assert run("%sql SELECT a FROM peers WHERE a > {{x}}")["a"].tolist() == [6]
    run(f"%%sql {address}\nSELECT 1 AS a")
    run("%sql --sources")
    assert source in capsys.readouterr().out


def test_an_address_may_not_be_anything() -> None:
    from lakeside.sql.addresses import source_at

    for address in ("sqlite://", "oracle://u:secret-word@h/d", "postgresql://u:secret-word@h:port/d", "duckdb:///x"):
        with pytest.raises(SourceError) as caught:
            source_at(address)
        assert "secret-word" not in str(caught.value)


@pytest.mark.parametrize("name", ["pg", "my"])
def test_one_row_costs_little(name: str, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(name)
    times = []
    for _ in range(30):
        began = time.perf_counter()
        lakeside.read_sql("SELECT 1 AS a", name)
        times.append(time.perf_counter() - began)
    print(f"one row: {min(times) * 1000:.1f} ms at best")
    assert min(times) < 0.015
