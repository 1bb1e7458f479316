"""SQL to pandas: 1,000,000 rows of 12 columns from PostgreSQL and MariaDB, a process for each way and run.

    python test/bench/sql.py [--rows 1000000] [--runs 3] [--json FILE]

The peer is jupysql: `%sql` with `autopandas`. connectorx and ADBC stand beside it, in the notes.
All in one run; the peers once, in an environment of their own (test/bench/peer/jupysql.mjs). Memory is the most a
process held (``ru_maxrss``). The time is that of the statement alone: everything is imported before.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from report import MB, TIMES, options, report, row

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "test/python")]

#: 12 columns as tables have them: keys, numbers, a decimal, texts of several lengths, times, NULL in some.
_TABLES = {
    "postgresql": """CREATE TABLE bench AS SELECT i::int8 AS id, (i % 1000)::int4 AS shop, (i % 100)::int2 AS kind,
        i * 0.5::float8 AS weight, (i % 997)::float8 / 7 AS ratio, ((i % 100000) / 100.0)::numeric(10,2) AS price,
        i % 3 = 0 AS paid, CASE WHEN i % 10 > 0 THEN 'city ' || i % 500 END AS city, md5(i::text) AS code,
        'customer number ' || i AS customer, timestamp '2013-01-01' + i * interval '1 second' AS sold,
        date '2013-01-01' + (i % 365)::int AS due FROM generate_series(1, {rows}) AS i""",
    "mariadb": """CREATE TABLE bench AS SELECT CAST(seq AS SIGNED) AS id, CAST(seq % 1000 AS INT) AS shop,
        CAST(seq % 100 AS INT) AS kind, seq * 0.5e0 AS weight, (seq % 997) / 7e0 AS ratio,
        CAST((seq % 100000) / 100 AS DECIMAL(10,2)) AS price, seq % 3 = 0 AS paid,
        IF(seq % 10 > 0, CONCAT('city ', seq % 500), NULL) AS city, MD5(seq) AS code,
        CONCAT('customer number ', seq) AS customer, TIMESTAMP '2013-01-01 00:00:00' + INTERVAL seq SECOND AS sold,
        DATE '2013-01-01' + INTERVAL seq % 365 DAY AS due FROM seq_1_to_{rows}""",
}


def ours(name: str, engine: str = "pandas") -> Any:
    import lakeside

    lakeside.read_sql("SELECT 1", name, engine=engine)
    yield
    yield lakeside.read_sql("SELECT * FROM bench", name, engine=engine)


def jupysql(name: str) -> Any:
    from IPython.core.interactiveshell import InteractiveShell

    # This file has the name of its package.
    sys.path.remove(str(Path(__file__).parent))
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "sql")
    shell.run_line_magic("config", "SqlMagic.autopandas = True")
    drivers = {"postgresql": "postgresql+psycopg", "mariadb": "mysql+pymysql"}
    shell.run_line_magic("sql", drivers[name] + os.environ["BENCH_ADDRESS"])
    shell.run_line_magic("sql", "SELECT 1")
    yield
    yield shell.run_line_magic("sql", "SELECT * FROM bench")


def connectorx(name: str) -> Any:
    import connectorx as cx

    address = {"postgresql": "postgresql", "mariadb": "mysql"}[name] + os.environ["BENCH_ADDRESS"]
    cx.read_sql(address, "SELECT 1 AS a")
    yield
    yield cx.read_sql(address, "SELECT * FROM bench")


def adbc(name: str) -> Any:
    import pandas as pd
    from adbc_driver_postgresql import dbapi

    connection = dbapi.connect(name + os.environ["BENCH_ADDRESS"])
    cursor = connection.cursor()
    cursor.execute("SELECT 1")
    cursor.fetch_arrow_table().to_pandas()
    assert pd
    yield
    cursor.execute("SELECT * FROM bench")
    yield cursor.fetch_arrow_table().to_pandas()


WAYS = {"ours": ours, "arrow": lambda name: ours(name, "arrow")}
PEERS = {"jupysql": jupysql, "connectorx": connectorx, "adbc": adbc}


def one(way: str, name: str) -> None:
    steps = (WAYS | PEERS)[way](name)
    next(steps)
    began = time.perf_counter()
    frame = next(steps)
    took = time.perf_counter() - began
    print(json.dumps([took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, len(frame)]), flush=True)
    # What is to be given back takes its time, which is none of the question.
    os._exit(0)


def measured(way: str, name: str, rows: int, environment: dict[str, str], python: str) -> tuple[float, float]:
    done = subprocess.run(
        [python, __file__, "--one", way, "--source", name],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode or not done.stdout:
        raise SystemExit(f"{way} on {name} ended: {done.stderr}")
    took, memory, count = json.loads(done.stdout.splitlines()[-1])
    assert count == rows, f"{way} gave {count} rows"
    return took, memory


def peer_python() -> str:
    """The Python of the peers' environment, which is made where it is not there."""
    from lakeside.node import find_node

    words = [find_node(), "test/bench/peer/jupysql.mjs"]
    made = subprocess.run(words, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return made.stdout.strip().splitlines()[-1]


def beside(name: str, rows: int, environment: dict[str, str], python: str) -> tuple[dict[str, float], list[str]]:
    """What the peers reach: jupysql's figures as `time` and `memory`, and a sentence for each of them."""
    found, said = {}, []
    for way in PEERS:
        if way == "adbc" and name != "postgresql":
            continue
        took, memory = measured(way, name, rows, environment, python)
        said.append(f"{name}, {way}: {took:.2f} s, {memory / MB:.0f} MB, one run.")
        if way == "jupysql":
            found = {"time": took, "memory": memory / MB}
    return found, said


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--one")
    parser.add_argument("--source", default="")
    given = parser.parse_args()
    if given.one:
        one(given.one, given.source)
        return
    from sql_servers import started

    import lakeside

    python = peer_python()
    rows: list[Any] = []
    notes: list[str] = []
    goals = {"postgresql": (1.3, 4.0), "mariadb": (4.0, 3.0)}
    for kind, statement in _TABLES.items():
        with started(kind) as server, tempfile.TemporaryDirectory() as folder:
            environment = dict(os.environ, XDG_CONFIG_HOME=folder, BENCH_PASSWORD=server.password, PYTHONPATH=str(ROOT))
            place = Path(folder, "lakeside/config.yml")
            place.parent.mkdir()
            place.write_text(json.dumps({"sources": {kind: server.section("BENCH_PASSWORD")}}), encoding="utf-8")
            os.environ.update(XDG_CONFIG_HOME=folder, BENCH_PASSWORD=server.password)
            lakeside.read_sql(statement.format(rows=given.rows), kind)
            address = f"://{server.user}:{server.password}@{server.host}:{server.port}/{server.database}"
            peer, said = beside(kind, given.rows, dict(environment, BENCH_ADDRESS=address), python)
            notes += said
            figures = {
                way: [measured(way, kind, given.rows, environment, sys.executable) for _ in range(given.runs)]
                for way in WAYS
            }
            times = {way: median(took for took, _ in found) for way, found in figures.items()}
            memory = {way: max(held for _, held in found) / MB for way, found in figures.items()}
            below, faster = goals[kind]
            what = f"{kind}, {given.rows:,} rows {TIMES} 12"
            rows += [
                row(f"{what}: time to pandas", times["ours"], "s", peer=peer["time"], times=faster),
                row(f"{what}: time to pandas, absolute", times["ours"], "s", at_most=below),
                row(f"{what}: most memory", memory["ours"], "MB", peer=peer["memory"], at_most=400),
                row(f"{what}: time to Arrow", times["arrow"], "s"),
                row(f"{what}: most memory with Arrow", memory["arrow"], "MB"),
            ]
    report(rows, given.json, peer="jupysql", notes=notes)


if __name__ == "__main__":
    main()
