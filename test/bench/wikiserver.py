"""A real MediaWiki on the loopback, and what stands in it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import requests

sys.path.insert(0, str(Path(__file__).parents[2]))

from lakeside.node import find_node

ROOT = Path(__file__).parents[2]
MARKER = re.compile(r"<!-- lakeside:begin ([0-9A-Z]{26})")


class MediaWiki:
    """A running wiki with a bot password; ended at the end of the block."""

    api: str
    user: str
    password: str

    def __init__(self, folder: Path) -> None:
        """Prepares one; the block starts it. :param folder: for its program"""
        self._folder = folder

    def __enter__(self) -> MediaWiki:
        self._child = subprocess.Popen(
            [find_node(), "test/bench/wiki/server.mjs", str(self._folder)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._child.stdout is not None
        # What brings the wiki's code may talk before.
        line = next((line for line in self._child.stdout if line.startswith(b"{")), None)
        assert line is not None, "MediaWiki did not start"
        given = json.loads(line)
        self.api, self.user, self.password = given["api"], given["user"], given["password"]
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        assert self._child.stdin is not None
        self._child.stdin.close()
        self._child.wait()

    def configure(self, folder: Path) -> Path:
        """Writes a configuration of Lakeside with this wiki as `data`. :returns: what XDG_CONFIG_HOME is to be"""
        (folder / "lakeside").mkdir(parents=True)
        secret = folder / "password"
        secret.write_text(self.password)
        secret.chmod(0o600)
        settings = {
            "kind": "mediawiki",
            "label": "Data wiki",
            "api": self.api,
            "user": self.user,
            "password": {"file": str(secret)},
        }
        # JSON is YAML.
        (folder / "lakeside" / "config.yml").write_text(json.dumps({"targets": {"data": settings}}))
        return folder

    def pages(self) -> Iterator[tuple[str, str]]:
        """Title and text of every page of the main namespace."""
        going: dict[str, Any] | None = {}
        while going is not None:
            answer = self._query(generator="allpages", gaplimit=50, prop="revisions", rvprop="content", **going)
            for page in answer["query"]["pages"]:
                yield page["title"], page["revisions"][0]["slots"]["main"]["content"]
            going = answer.get("continue")

    def files(self) -> int:
        """How many files were uploaded."""
        answer = self._query(meta="siteinfo", siprop="statistics")
        return int(answer["query"]["statistics"]["images"])

    def marked(self) -> Counter[str]:
        """How many pages carry each notebook's mark."""
        return Counter(marker for _, text in self.pages() for marker in MARKER.findall(text))

    def _query(self, **parameters: Any) -> dict[str, Any]:
        fixed = {"action": "query", "format": "json", "formatversion": 2, "rvslots": "main"}
        answer = requests.get(self.api, {**fixed, **parameters}, timeout=120)
        answer.raise_for_status()
        told: dict[str, Any] = answer.json()
        assert "error" not in told, told
        return told
