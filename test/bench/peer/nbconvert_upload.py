"""The plain way into a wiki: nbconvert writes text and figures, a script sends both through the wiki's API.

Usage: nbconvert_upload.py NOTEBOOK TITLE --api URL --user NAME --password FILE --longest BYTES --figures COUNT

Text that is longer than the wiki takes is cut; of the figures the first ones are sent.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import requests


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("notebook", type=Path)
    parser.add_argument("title")
    parser.add_argument("--api", required=True)
    parser.add_argument("--user", required=True)
    parser.add_argument("--password", type=Path, required=True)
    parser.add_argument("--longest", type=int, required=True)
    parser.add_argument("--figures", type=int, required=True)
    given = parser.parse_args()

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        nbconvert = Path(sys.executable).parent / "jupyter-nbconvert"
        subprocess.run(
            [
                nbconvert,
                "--log-level=ERROR",
                "--to=markdown",
                f"--output-dir={folder}",
                "--output=page",
                given.notebook,
            ],
            check=True,
        )
        text = (folder / "page.md").read_bytes()[: given.longest].decode(errors="ignore")
        figures = sorted((folder / "page_files").glob("*"), key=position)[: given.figures]
        wiki = Wiki(given.api, given.user, given.password.read_text())
        for figure in figures:
            content = figure.read_bytes()
            sent = f"Plain-{hashlib.sha256(content).hexdigest()[:32]}{figure.suffix}"
            wiki.post(
                {"action": "upload", "filename": sent, "ignorewarnings": 1, "token": wiki.token},
                {"file": (sent, content)},
            )
            text = text.replace(f"![png](page_files/{figure.name})", f"[[File:{sent}]]")
        wiki.post({"action": "edit", "title": given.title, "text": text, "token": wiki.token})
    print(f"{len(figures)} figures, {len(text.encode())} bytes")


def position(figure: Path) -> list[int]:
    """Where a figure stands in the notebook: `page_12_1.png`."""
    return [int(number) for number in re.findall(r"\d+", figure.stem)]


class Wiki:
    """A signed-in account."""

    def __init__(self, api: str, user: str, password: str) -> None:
        self._api = api
        self._session = requests.Session()
        token = self.post({"action": "query", "meta": "tokens", "type": "login"})["query"]["tokens"]["logintoken"]
        self.post({"action": "login", "lgname": user, "lgpassword": password, "lgtoken": token})
        self.token: str = self.post({"action": "query", "meta": "tokens"})["query"]["tokens"]["csrftoken"]

    def post(self, fields: dict[str, Any], files: dict[str, tuple[str, bytes]] | None = None) -> dict[str, Any]:
        answer = self._session.post(
            self._api, {**fields, "format": "json", "formatversion": 2}, files=files, timeout=600
        )
        answer.raise_for_status()
        told: dict[str, Any] = answer.json()
        if "error" in told:
            sys.exit(str(told["error"]))
        return told


if __name__ == "__main__":
    main()
