"""Give every Vega-Lite output a static picture, as JupyterLab does when it shows a chart and saves.

Without one a chart is invisible wherever no script may run: in mail, on paper, on most wikis.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from nbformat import NotebookNode

_DRAW = Path(__file__).with_name("draw-vega.mjs")


def add_pictures(notebook: NotebookNode, node: str) -> NotebookNode:
    """Add `image/svg+xml` to the outputs that hold a Vega-Lite chart and no picture yet; `node` draws them."""
    charts = [
        (output.data, spec)
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        for spec in [_chart(output)]
        if spec is not None
    ]
    if charts:
        drawn = subprocess.run(
            [node, str(_DRAW)],
            input=json.dumps([spec for _, spec in charts]),
            capture_output=True,
            text=True,
            check=False,
        )
        if drawn.returncode != 0:
            raise RuntimeError(f"The Vega pictures could not be drawn by {node}: {drawn.stderr.strip()}")
        for (data, _), picture in zip(charts, json.loads(drawn.stdout), strict=True):
            data["image/svg+xml"] = picture
    return notebook


def _chart(output: NotebookNode) -> dict | None:
    data = output.get("data", {})
    if any(kind.startswith("image/") for kind in data):
        return None
    return next((value for kind, value in data.items() if kind.startswith("application/vnd.vegalite.")), None)
