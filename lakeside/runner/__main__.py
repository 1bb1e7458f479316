"""``python -m lakeside.runner``."""

from __future__ import annotations

import sys

# jsonschema, which nbformat imports, can do without it; reading its grammar takes seconds of each start. No format of a
# notebook is an IRI, and what runs in a kernel is another process.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

from .cli import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
