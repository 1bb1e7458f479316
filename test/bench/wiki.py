"""Sharing to a real MediaWiki: a notebook of 57 MB against nbconvert and a plain script, then a thousand shares.

Both sides bring the same notebook onto a page of the same wiki, with the figures on it, as whole processes. A stock
wiki takes 2 MB of text in a page, so both end where that is full. Then one sidecar makes 1,000 shares, 20 at a time,
several of them of the same notebook, and the pages are counted through the wiki's own API.

Usage: .venv/bin/python test/bench/wiki.py [--shares 1000] [--bytes 57000000] [--json FILE]
Needs a production build (`npm run build:prod`).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from report import options, report, row
from sidecarprocess import Sidecar
from watched import Run, run
from wikiserver import ROOT, MediaWiki
from wikishares import AT_ONCE, Shares

sys.path.insert(0, str(ROOT))

from lakeside.node import find_node

#: Of the 2 MiB that a page may have, as much as Lakeside uses.
LONGEST = int(2 * 1024 * 1024 * 0.9)
MEMORY = 256


def write_notebook(file: Path, size: int) -> None:
    subprocess.run([find_node(), "test/bench/wiki/notebook.mjs", str(file), str(size)], cwd=ROOT, check=True)


def environment(folder: Path, configuration: Path) -> dict[str, str]:
    """What both sides run in."""
    given = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "TZ", "TMPDIR")}
    return {
        **given,
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(configuration),
        "LAKESIDE_HOME": str(folder / "home"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
    }


class Sides:
    """The two ways to share a notebook."""

    def __init__(self, wiki: MediaWiki, folder: Path, configuration: Path) -> None:
        self._wiki = wiki
        self._folder = folder
        self._password = configuration / "password"
        self._environment = environment(folder, configuration)

    def ours(self, file: Path) -> Run:
        lakeside = Path(sys.executable).parent / "lakeside"
        command = [str(lakeside), "share", str(file), "--to", "data", "--page-title", f"Ours {file.stem}", "--json"]
        return run(command, self._environment, self._folder)

    def theirs(self, file: Path, figures: int) -> Run:
        """:param figures: how many are sent"""
        program = Path(__file__).parent / "peer" / "nbconvert_upload.py"
        signing = ["--api", self._wiki.api, "--user", self._wiki.user, "--password", str(self._password)]
        command = [sys.executable, str(program), str(file), f"Theirs {file.stem}", *signing]
        command += ["--longest", str(LONGEST), "--figures", str(figures)]
        return run(command, self._environment, self._folder)


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--shares", type=int, default=1000)
    parser.add_argument("--bytes", type=int, default=57_000_000)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="lk-"))
    try:
        with MediaWiki(folder) as wiki:
            configuration = wiki.configure(folder / "config")
            sides = Sides(wiki, folder, configuration)
            small, large = folder / "small.ipynb", folder / "large.ipynb"
            write_notebook(small, 0)
            write_notebook(large, given.bytes)
            sides.theirs(small, 0)  # fills caches
            sides.ours(small)
            ours = sides.ours(large)
            sent = json.loads(ours.output[ours.output.index("{") :])["wiki"]["uploads"]
            theirs = sides.theirs(large, sent)
            again = sides.ours(large)
            before = wiki.marked()
            with Sidecar(folder, configuration=configuration) as sidecar:
                sidecar.wait_for("/health/ready")
                shares = Shares(sidecar, folder / "root")
                notebooks = shares.run(given.shares)
            after = wiki.marked() - before
    except (AssertionError, OSError) as error:
        log = folder / "log"
        sys.exit(f"{error!r}\n{log.read_text()[-2000:] if log.exists() else ''}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)

    size = f"{given.bytes / 1_000_000:.0f} MB"
    done = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(shares.outcomes.items()))
    report(
        [
            row(f"{size}, shared to the wiki: time", ours.seconds, "s", peer=theirs.seconds),
            row("… CPU, without the wiki's", ours.cpu, "s", peer=theirs.cpu),
            row("… memory of all processes", ours.memory, "MB", peer=theirs.memory, below=MEMORY),
            row("… shared again, unchanged: time", again.seconds, "s"),
            row(f"{given.shares:,} shares, {AT_ONCE} at a time", shares.seconds, "s"),
            row("… one share, p95", shares.p95, "s"),
            row("… memory of the sidecar and its renderers", shares.memory, "MB", below=MEMORY),
            row("… pages in the wiki beyond one for each notebook", after.total() - notebooks, "pages", at_most=0),
            row("… notebooks without their page", notebooks - len(after), "notebooks", at_most=0),
        ],
        given.json,
        peer="nbconvert and a plain script",
        notes=[
            f"{sent} figures sent by Lakeside; by the script: {theirs.output.strip()}.",
            f"At its highest, the command held {parts(ours.parts)};",
            f"the sidecar with its renderers {parts(shares.parts)}.",
            f"{given.shares:,} shares of {notebooks:,} notebooks: {done}.",
        ],
    )


def parts(held: list[tuple[str, float]]) -> str:
    return " + ".join(f"{megabytes:.0f} MB ({name})" for name, megabytes in held)


if __name__ == "__main__":
    main()
