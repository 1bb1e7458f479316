"""What a person and a program are told while the sidecar cannot answer."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

#: Status and title of each problem the front door itself answers with; contract/problem.ts holds all of them.
PROBLEMS: Final[dict[str, tuple[int, str]]] = {
    "bad-request": (400, "The request cannot be understood"),
    "forbidden": (403, "Not allowed"),
    "not-found": (404, "Not found"),
    "method-not-allowed": (405, "This address does not take that method"),
    "internal": (500, "Lakeside made a mistake"),
    "starting": (503, "Lakeside is starting"),
    "stopping": (503, "Lakeside is stopping"),
    "unavailable": (503, "Lakeside is not running"),
    "node-missing": (503, "Node.js is missing"),
}

_CODES = {status: code for code, (status, _) in reversed(PROBLEMS.items()) if status != 503}


@dataclass(frozen=True)
class Problem:
    """A refusal: a code of contract/problem.ts and the sentence that says what happened, why and what to do now."""

    code: str
    sentence: str
    #: Seconds after which a retry makes sense; 0 where it makes none.
    retry_after: int = 0
    #: The status, where it differs from the code's own.
    answered: int = 0

    @property
    def status(self) -> int:
        return self.answered or PROBLEMS[self.code][0]

    @property
    def title(self) -> str:
        return PROBLEMS[self.code][1]

    def json(self, request_id: str = "") -> str:
        """The problem as it travels, RFC 9457 plus `message`."""
        body: dict[str, object] = {
            "type": f"urn:lakeside:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.sentence,
            "message": self.sentence,
            "code": self.code,
        }
        if request_id:
            body["requestId"] = request_id
        if self.retry_after:
            body["retryAfter"] = self.retry_after
        return json.dumps(body, ensure_ascii=False)

    def page(self, lines: Iterable[str] = ()) -> str:
        """The same sentence as a page, which reloads itself where a retry makes sense.

        :param lines: the sidecar's newest log lines, shown folded
        """
        reload = f'<meta http-equiv="refresh" content="{self.retry_after}">' if self.retry_after else ""
        log = "\n".join(html.escape(line) for line in lines)
        details = f"<details><summary>Last lines of the log</summary><pre>{log}</pre></details>" if log else ""
        return _PAGE.format(
            title=html.escape(self.title), sentence=html.escape(self.sentence), reload=reload, details=details
        )


def problem_of_status(status: int, sentence: str) -> Problem:
    """The problem that stands for a status which Jupyter or tornado chose."""
    code = _CODES.get(status, "bad-request" if status < 500 else "internal")
    return Problem(code, sentence, answered=status)


#: The page needs its own style and nothing else.
PAGE_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'"

_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
{reload}
<title>{title} · Lakeside</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 12vh auto; padding: 0 1.25rem; }}
h1 {{ font-size: 1.25rem; }}
pre {{ font-size: .8125rem; white-space: pre-wrap; overflow-wrap: anywhere; }}
summary {{ cursor: pointer; }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p role="status">{sentence}</p>
{details}
</main>
</body>
</html>
"""
