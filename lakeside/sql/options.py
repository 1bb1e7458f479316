"""The line of ``%%sql`` and ``%sql``. Needs no package beside Python's own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

from ..sources.errors import SourceError

Engine = Literal["pandas", "arrow", "polars"]
ENGINES: tuple[Engine, ...] = get_args(Engine)
PREVIEW = 100
#: Seconds that an answer is kept where ``--cache`` names no time.
KEPT = 3600
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_FLAG = re.compile(r"\s*--(?P<name>[a-z]+)(?:=(?P<value>\S+))?(?=\s|\Z)")
_WORD = re.compile(r"\s*(\S+)")
_TAKES_VALUE = ("source", "engine", "limit")
KNOWN = ("preview", "cache", "quiet", "refresh", "source", "engine", "limit", "sources")
_BEGINS = re.compile(
    r"(select|with|values|table|from|show|describe|desc|explain|insert|update|delete|merge|create|alter|drop|set|"
    r"begin|start|commit|rollback|truncate|call|copy|grant|revoke|use|analyze|vacuum|replace|pragma|pivot|unpivot|summarize)\b|\(",
    re.IGNORECASE,
)


@dataclass
class Options:
    """What a person asks for besides the statement."""

    variable: str | None = None
    source: str | None = None
    #: A connection string, as other magics take it.
    address: str | None = None
    engine: str = "pandas"
    limit: int | None = None
    preview: bool = False
    #: Seconds; None where nothing is kept.
    cache: int | None = None
    refresh: bool = False
    quiet: bool = False
    lists_sources: bool = False

    @property
    def rows(self) -> int | None:
        """Most rows."""
        return self.limit if self.limit is not None else PREVIEW if self.preview else None


def parse(line: str) -> tuple[Options, str]:
    """Takes the options off the beginning of a line; the rest is SQL.

    :raises SourceError: where an option is none, or has no right value
    """
    options = Options()
    rest = line
    while True:
        if found := _FLAG.match(rest):
            rest = _take(options, found["name"], found["value"], rest[found.end() :])
            continue
        word = _WORD.match(rest)
        if word is None or _BEGINS.match(word[1]) or word[1].startswith("--"):
            break
        if not _positional(options, word[1], rest[word.end() :]):
            break
        rest = rest[word.end() :]
        if arrow := re.match(r"\s*<<", rest):
            rest = rest[arrow.end() :]
    return options, rest.strip()


def _positional(options: Options, word: str, after: str) -> bool:
    bare = word.removesuffix("<<")
    if "://" in word and options.address is None:
        options.address = word
        return True
    if bare.isidentifier() and options.variable is None:
        options.variable = bare
        return True
    if word == "<<" and options.variable is not None:
        return True
    raise SourceError(
        f"%%sql does not know what {word!r} is for. Write %%sql VARIABLE --source NAME, then the statement."
    )


def _take(options: Options, name: str, value: str | None, rest: str) -> str:
    if name not in KNOWN:
        from difflib import get_close_matches

        near = get_close_matches(name, KNOWN, n=1)
        hint = f" Did you mean --{near[0]}?" if near else ""
        raise SourceError(f"There is no option --{name}.{hint} There are {', '.join('--' + one for one in KNOWN)}.")
    if name in _TAKES_VALUE and value is None:
        word = _WORD.match(rest)
        if word is None:
            raise SourceError(f"--{name} wants a value, such as --{name} {_example(name)}.")
        value, rest = word[1], rest[word.end() :]
    if name == "limit":
        if not value or not value.isdecimal() or not int(value):
            raise SourceError("--limit wants a number of rows, such as --limit 1000.")
        options.limit = int(value)
    elif name == "cache":
        options.cache = _seconds(value)
    elif name == "sources":
        options.lists_sources = True
    elif name in _TAKES_VALUE:
        setattr(options, name, value)
    else:
        setattr(options, name, True)
    return rest


def _example(name: str) -> str:
    return {"source": "warehouse", "engine": "polars", "limit": "1000"}[name]


def _seconds(value: str | None) -> int:
    if value is None:
        return KEPT
    found = re.fullmatch(r"(\d+)([smhd]?)", value)
    if found is None or not int(found[1]):
        raise SourceError("--cache wants a time, such as --cache=30m, --cache=12h or --cache=7d.")
    return int(found[1]) * _UNITS[found[2] or "s"]
