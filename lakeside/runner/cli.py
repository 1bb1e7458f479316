"""The command line of the runner."""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

# What reads notebooks is imported where it is needed: whoever ends what a dead runner left does not wait for it.
from .outcome import Exit, Refused
from .request import CELL_OUTPUT, Request

if TYPE_CHECKING:
    from .run import Run


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m lakeside.runner", description="Runs a notebook without anybody there."
    )
    add = parser.add_argument
    add("--notebook", metavar="FILE")
    add("--source", default="", metavar="NAME", help="what the record calls the notebook, where FILE is a copy of it")
    add("--out", metavar="DIR", help="gets events.ndjson, output.ipynb and run.json")
    add("--run-id", metavar="ID")
    add("--parameters", metavar="FILE.json", help="an object of JSON values; - reads standard input")
    add(
        "-p", dest="given", action="append", default=[], metavar="NAME=VALUE", help="typed as the notebook's default is"
    )
    add("--scheduled-at", metavar="RFC3339")
    add("--interval-start", metavar="RFC3339")
    add("--interval-end", metavar="RFC3339")
    add("--zone", default="UTC", metavar="IANA")
    add("--schedule-id", default="", metavar="ID")
    add("--schedule-name", default="", metavar="NAME")
    add("--owner", default="", metavar="NAME")
    add("--attempt", type=int, default=1, metavar="N")
    add("--kernel", metavar="NAME")
    add("--cwd", metavar="DIR", help="where the kernel works; by default the notebook's folder")
    add("--timeout", type=float, metavar="SECONDS")
    add("--cell-timeout", type=float, metavar="SECONDS")
    add("--memory-limit", type=int, metavar="BYTES", help="of the kernel and all that it starts")
    add("--cell-output-limit", type=int, default=CELL_OUTPUT, metavar="BYTES")
    add("--resume", metavar="OUTPUT.ipynb", help="a former output to go on from")
    add("--until-eof", action="store_true", help="cancel the run when standard input ends; what it says is the reason")
    add("--serve", action="store_true", help="read requests on standard input until it ends")
    add("--inspect", metavar="FILE", help="print the parameters of a notebook as JSON")
    add("--end-strays", action="store_true", help="end what is left of all runners that are gone")
    add("--end", metavar="DIR", help="end what a run left behind whose runner is gone")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; gives the exit code."""
    options = _parser().parse_args(arguments)
    try:
        if options.inspect:
            return _inspect(options.inspect)
        if options.end_strays:
            from .leftovers import end_strays

            print(json.dumps({"ended": end_strays()}))
            return Exit.OK
        if options.end:
            from .leftovers import end_leftovers

            print(json.dumps({"ended": end_leftovers(Path(options.end))}))
            return Exit.OK
        if options.serve:
            from .serve import serve

            asyncio.run(serve())
            return Exit.OK
        return asyncio.run(_once(_request(options), until_eof=options.until_eof))
    except Refused as refused:
        print(refused.sentence, file=sys.stderr)
        return refused.code


def _inspect(path: str) -> int:
    from .inspection import inspect_notebook, notebook_language
    from .notebooks import read_notebook

    notebook = read_notebook(path)
    found = [parameter.told() for parameter in inspect_notebook(notebook)]
    spec = notebook["metadata"].get("kernelspec") or {}
    told = {"language": notebook_language(notebook), "kernel": spec.get("name"), "parameters": found}
    print(json.dumps(told))
    return Exit.OK


def _request(options: argparse.Namespace) -> Request:
    facts: dict[str, Any] = {
        "notebook": options.notebook,
        "source": options.source,
        "out": options.out,
        "runId": options.run_id or f"run-{secrets.token_hex(8)}",
        "parameters": {**_file(options.parameters), **_given(options)},
        "scheduledAt": options.scheduled_at,
        "intervalStart": options.interval_start,
        "intervalEnd": options.interval_end,
        "zone": options.zone,
        "scheduleId": options.schedule_id,
        "scheduleName": options.schedule_name,
        "owner": options.owner,
        "attempt": options.attempt,
        "kernel": options.kernel,
        "cwd": options.cwd,
        "timeout": options.timeout,
        "cellTimeout": options.cell_timeout,
        "memoryLimit": options.memory_limit,
        "cellOutputLimit": options.cell_output_limit,
        "resume": options.resume,
    }
    return Request.read(facts)


def _file(path: str | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text("utf-8")
        value = json.loads(text)
    except (OSError, ValueError) as error:
        raise Refused(f"The parameters in {path} cannot be read: {error}.", field="parameters") from None
    if not isinstance(value, dict):
        raise Refused(f"The parameters in {path} are no JSON object.", field="parameters")
    return value


def _given(options: argparse.Namespace) -> dict[str, Any]:
    if not options.given:
        return {}
    from .inspection import inspect_notebook
    from .notebooks import read_notebook
    from .parameters import typed

    known = {parameter.name: parameter for parameter in inspect_notebook(read_notebook(options.notebook or ""))}
    values = {}
    for text in options.given:
        name, equals, value = text.partition("=")
        if not equals:
            raise Refused(f"-p {text} has no value; write -p name=value.", field="parameters")
        values[name] = typed(value, known.get(name), name)
    return values


async def _once(request: Request, until_eof: bool) -> int:
    from .household import Household
    from .pool import Kernels
    from .run import Run

    kernels = Kernels(Household(adopts=True))
    run = Run(request, kernels)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, run.cancel, f"It was ended by {number.name}.")
    leash = asyncio.ensure_future(_hold(run)) if until_eof else None
    try:
        told = await run.go()
    finally:
        if leash:
            leash.cancel()
        await kernels.close()
    if told["reason"]:
        print(told["reason"], file=sys.stderr)
    return int(told["exitCode"])


async def _hold(run: Run) -> None:
    """Cancels the run when standard input ends: whoever started it wants that, or is gone."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    said = (await reader.read()).decode(errors="replace").strip()
    run.cancel(said[:500] or "The program that started it is gone.")
