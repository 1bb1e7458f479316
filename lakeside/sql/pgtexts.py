"""Values that PostgreSQL sent in binary, written as it writes them: those that no type of Arrow holds."""

from __future__ import annotations

_SECOND = 1_000_000
_DAY = 86_400 * _SECOND
_SIGNS = {0xC000: "NaN", 0xD000: "Infinity", 0xF000: "-Infinity"}


def date_text(days: int) -> str:
    """A day, counted from 2000-01-01."""
    return _endless(days, 31) or _dated(days, "")


def timestamp_text(microseconds: int, zone: str = "") -> str:
    """Microseconds since 2000-01-01 00:00."""
    days, rest = divmod(microseconds, _DAY)
    return _endless(microseconds, 63) or _dated(days, f" {time_text(rest)}{zone}")


def time_text(microseconds: int) -> str:
    """Microseconds since midnight: 24:00:00 is one of them."""
    seconds, fraction = divmod(microseconds, _SECOND)
    minutes, second = divmod(seconds, 60)
    text = f"{minutes // 60:02}:{minutes % 60:02}:{second:02}"
    return f"{text}.{fraction:06}".rstrip("0") if fraction else text


def numeric_text(value: bytes) -> str:
    """A number as COPY sends it: how many digits of base 10,000, of what weight, sign, places, the digits."""
    count, weight, sign, places = (int.from_bytes(value[at : at + 2], "big") for at in (0, 2, 4, 6))
    if sign in _SIGNS:
        return _SIGNS[sign]
    weight -= 0x10000 if weight >= 0x8000 else 0
    digits = [f"{int.from_bytes(value[at : at + 2], 'big'):04}" for at in range(8, 8 + 2 * count, 2)]
    whole = "".join(digits[: weight + 1] + ["0000"] * (weight + 1 - count)) if weight >= 0 else ""
    part = "".join(["0000"] * (-1 - weight) + digits[max(weight + 1, 0) :])
    text = whole.lstrip("0") or "0"
    if places:
        text += f".{part[:places]:0<{places}}"
    return f"-{text}" if sign else text


def _endless(value: int, bits: int) -> str:
    return {(1 << bits) - 1: "infinity", -(1 << bits): "-infinity"}.get(value, "")


def _dated(days: int, time: str) -> str:
    """A day of the Gregorian calendar, which goes on before its beginning, by eras of 400 years from a 1 March."""
    era, day = divmod(days + 730_425, 146_097)
    year = (day - day // 1_460 + day // 36_524 - day // 146_096) // 365
    of_year = day - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    number = of_year - (153 * month + 2) // 5 + 1
    month = month + 3 if month < 10 else month - 9
    year += era * 400 + (month <= 2)
    if year <= 0:
        return f"{1 - year:04}-{month:02}-{number:02}{time} BC"
    return f"{year:04}-{month:02}-{number:02}{time}"
