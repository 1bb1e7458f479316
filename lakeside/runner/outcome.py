"""How a run ends: exit codes, states, and the error that refuses one before it starts."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of a run. Only TIMEOUT (where its policy says so) and TRANSIENT are worth another attempt."""

    OK = 0
    CELL_ERROR = 10
    CHECK_FAILED = 11
    TIMEOUT = 12
    TRANSIENT = 13
    CREDENTIAL_REFUSED = 14
    BAD_SPEC = 15
    #: As a shell says it of a program that was ended by SIGTERM.
    CANCELLED = 143


STATES: dict[Exit, str] = {
    Exit.OK: "SUCCEEDED",
    Exit.CELL_ERROR: "FAILED",
    Exit.CHECK_FAILED: "FAILED_CHECK",
    Exit.TIMEOUT: "TIMED_OUT",
    Exit.TRANSIENT: "FAILED",
    Exit.CREDENTIAL_REFUSED: "FAILED",
    Exit.BAD_SPEC: "FAILED",
    Exit.CANCELLED: "CANCELLED",
}


class Refused(Exception):  # noqa: N818 (said as it is)
    """A run that cannot start, or cannot go on, for a reason that its owner can mend.

    :param sentence: what happened, why, and what to do now
    :param code: with which exit code the run ends
    :param field: the field or parameter at fault
    """

    def __init__(self, sentence: str, code: Exit = Exit.BAD_SPEC, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code
        self.field = field


class Ended(Exception):  # noqa: N818
    """A run that began and ended otherwise than well.

    :param kind: for programs: ``cell-error``, ``check-failed``, ``timeout``, ``cancelled``, ``kernel-died``,
        ``out-of-memory``, ``credential-refused``, ``no-answer``,
        ``not-written``, ``runner-ended`` (with the runner, and not by anybody's wish) or ``runner-fault``
    """

    def __init__(self, sentence: str, code: Exit, kind: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code
        self.kind = kind
