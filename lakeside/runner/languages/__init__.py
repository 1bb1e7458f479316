"""How values are written in the language of a kernel."""

from __future__ import annotations

from ..outcome import Refused
from .compiled import CSHARP, FSHARP, JAVASCRIPT, SCALA
from .model import Language
from .python import PYTHON
from .shells import BASH, POWERSHELL
from .statistics import JULIA, MATLAB, R

__all__ = ["Language", "language_for"]

_BY_NAME: dict[str, Language] = {
    "python": PYTHON,
    "ipython": PYTHON,
    "r": R,
    "ir": R,
    "scala": SCALA,
    "julia": JULIA,
    "matlab": MATLAB,
    "octave": MATLAB,
    "bash": BASH,
    "sh": BASH,
    "javascript": JAVASCRIPT,
    "typescript": JAVASCRIPT,
    "c#": CSHARP,
    "csharp": CSHARP,
    ".net-csharp": CSHARP,
    "f#": FSHARP,
    "fsharp": FSHARP,
    ".net-fsharp": FSHARP,
    "powershell": POWERSHELL,
    ".net-powershell": POWERSHELL,
    "pwsh": POWERSHELL,
}


def language_for(name: str) -> Language:
    """The language that a kernel says it speaks, in any spelling.

    Raises :class:`Refused` for one whose values cannot be written.
    """
    plain = name.strip().lower()
    found = _BY_NAME.get(plain) or _BY_NAME.get(plain.rstrip("0123456789. "))
    if found is None:
        spoken = ", ".join(sorted({language.name for language in _BY_NAME.values()}))
        raise Refused(
            f"Parameters cannot be written in the language {name!r}. "
            f"They can in {spoken}; without parameters the notebook runs as it is.",
            field="parameters",
        )
    return found
