"""Moments as people type them, in the time zone of the site: what a field shows, and what its text means.

A text that says what the field showed means the very same value, so that an untouched field changes nothing: no offset,
no fraction of a second.
"""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from django.utils import timezone

from processes.lists.values import local

_WITH_TIME = re.compile(r"[+-]?\d{4,}-\d\d-\d\d[T ]\d\d:\d\d")
_DATE = re.compile(r"\d{4}-\d\d-\d\d$")
_FOLDS = (0, 1)


class NoMoment(ValueError):
    """A text does not name one moment; the message says why, in words."""


def shown(value: Any) -> str:
    """A moment, ISO 8601 or seconds since 1970, as a field shows it; any other value as its text.

    Seconds and thousandths only where there are any.
    """
    moment = _moment(value)
    if moment is None:
        return str(value)
    here = local(moment).replace(tzinfo=None)
    if here.microsecond:
        return here.isoformat(timespec="milliseconds")
    return here.isoformat(timespec="seconds" if here.second else "minutes")


def read(text: str, *, before: Any = None, offset: str = "") -> datetime | None:
    """The moment that a text means in the site's time zone; None where it means what was there `before`.

    `offset` decides where clocks were put back and the text names two moments. A text with an offset needs no zone.
    Raises `NoMoment`.
    """
    if before is not None and text == shown(before) and offset in ("", offset_of(before)):
        return None
    named = _named(text)
    if named.tzinfo is not None:
        return named
    zone = timezone.get_current_timezone()
    moments = _candidates(named, zone)
    if not moments:
        raise NoMoment(f"{named:%H:%M} does not exist on this day in {zone}: the clocks were put forward.")
    chosen = [one for one in moments if len(moments) == 1 or _offset(one) == offset]
    if not chosen:
        raise NoMoment(f"{named:%H:%M} occurs twice on this day in {zone}: choose which one.")
    return _plain_offset(chosen[0])


def offsets(value: Any) -> tuple[str, ...]:
    """The two offsets that the text of a field may have, such as +02:00 and +01:00; none where it names one moment."""
    try:
        named = _named(shown(value))
        moments = () if named.tzinfo is not None else _candidates(named, timezone.get_current_timezone())
    except NoMoment:
        return ()
    return tuple(map(_offset, moments)) if len(moments) > 1 else ()


def offset_of(value: Any) -> str:
    """The offset of a moment in the site's time zone; empty where it has none."""
    moment = _moment(value)
    return _offset(local(moment)) if moment is not None and moment.tzinfo is not None else ""


def _moment(value: Any) -> datetime | None:
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, timezone.get_current_timezone())
        return datetime.fromisoformat(value) if isinstance(value, str) and _WITH_TIME.match(value) else None
    except (ValueError, OverflowError, OSError):
        return None


def _named(text: str) -> datetime:
    if _DATE.match(text):
        raise NoMoment("The time is missing.")
    try:
        if _WITH_TIME.match(text):
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    raise NoMoment("This is not a date with a time.")


def _candidates(named: datetime, zone: tzinfo) -> tuple[datetime, ...]:
    """The moments at which clocks of the zone show this: none where they jump over it, two where they go back."""
    found: list[datetime] = []
    for fold in _FOLDS:
        moment = named.replace(tzinfo=zone, fold=fold)
        try:
            is_shown = moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0) == named
        except OverflowError as error:
            raise NoMoment("It must lie between the years 1 and 9999.") from error
        if is_shown and moment.utcoffset() not in [one.utcoffset() for one in found]:
            found.append(moment)
    return tuple(found)


def _offset(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")[19:]


def _plain_offset(moment: datetime) -> datetime:
    """In UTC where the zone has an odd one, as before there were time zones: ISO 8601 writes no seconds of offsets."""
    offset = moment.utcoffset() or timedelta()
    return moment.astimezone(UTC) if offset.total_seconds() % 60 else moment
