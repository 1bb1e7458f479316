"""Give every Vega-Lite output a static picture, as JupyterLab does when it shows a chart.

Without one a chart is invisible wherever no script may run: in mail, on paper, on most wikis. And JupyterLab
would add it as soon as the notebook is opened, which would then have unsaved changes that nobody made.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from nbformat import NotebookNode


class PictureError(Exception):
    """The pictures could not be drawn; the text says why."""


_DRAW = Path(__file__).with_name("draw-vega.mjs")


def add_pictures(notebook: NotebookNode, node: str) -> NotebookNode:
    """Add `image/png` to the outputs that hold a Vega-Lite chart and no picture yet; `node` draws them."""
    charts = [
        (output, spec)
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        for spec in [_chart(output)]
        if spec is not None
    ]
    if charts:
        specs = json.dumps([spec for _, spec in charts])
        drawn = subprocess.run([node, str(_DRAW)], input=specs, capture_output=True, text=True, check=False)
        if drawn.returncode != 0:
            raise PictureError(f"its Vega pictures could not be drawn: {drawn.stderr.strip()}")
        for (output, _), picture in zip(charts, json.loads(drawn.stdout), strict=True):
            output.data["image/png"] = picture.pop("png")
            output.metadata["image/png"] = picture
    return notebook


def _chart(output: NotebookNode) -> dict | None:
    data = output.get("data", {})
    if any(kind.startswith("image/") for kind in data):
        return None
    return next((value for kind, value in data.items() if kind.startswith("application/vnd.vegalite.")), None)
