"""Words for moments and durations. Pure: the present moment is passed in."""

from datetime import datetime, timedelta

_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60))
RECENT_SECONDS = 7 * 86_400
"""What is further away is told by its date."""


def relative(moment: datetime, *, now: datetime) -> str:
    """`just now`, `4 minutes ago`, `in 2 hours`; a plain date beyond a week. Both moments are aware."""
    seconds = (now - moment).total_seconds()
    distance = abs(seconds)
    if distance < 45:
        return "just now" if seconds >= 0 else "in a moment"
    if distance >= RECENT_SECONDS:
        return f"{moment:%-d %b %Y}"
    words = _rounded(distance)
    return f"{words} ago" if seconds > 0 else f"in {words}"


def _rounded(seconds: float) -> str:
    for unit, size in _UNITS:
        count = round(seconds / size)
        if count >= 1:
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return "1 minute"


def spell(length: timedelta) -> str:
    """A duration in two units at most: `80 ms`, `4.2 s`, `3 min 5 s`, `2 h 10 min`, `3 d 4 h`."""
    seconds = max(length.total_seconds(), 0.0)
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 3_600:
        return _two(whole, 60, "min", 1, "s")
    if whole < 86_400:
        return _two(whole, 3_600, "h", 60, "min")
    return _two(whole, 86_400, "d", 3_600, "h")


def _two(seconds: int, large: int, large_name: str, small: int, small_name: str) -> str:
    first, rest = divmod(seconds, large)
    second = rest // small
    return f"{first} {large_name} {second} {small_name}" if second else f"{first} {large_name}"
