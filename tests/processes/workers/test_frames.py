"""A call in a frame of its own that has room for the others."""

import sys
from types import FrameType

import pytest

from orchestrator_site.wsgi import application
from processes.workers.frames import ROOM, in_one_chunk


def test_call_is_made_as_it_was() -> None:
    assert in_one_chunk(lambda *args, **named: (args, named))(1, two=2) == ((1,), {"two": 2})
    with pytest.raises(ZeroDivisionError):
        in_one_chunk(lambda: 1 // 0)()


def test_frame_above_the_call_has_the_room() -> None:
    def above() -> FrameType | None:
        return sys._getframe(1)

    frame = in_one_chunk(above)()

    assert frame is not None
    assert frame.f_code.co_stacksize == ROOM
    assert sys._getframe().f_code.co_stacksize < 100


def test_requests_are_served_in_one_chunk() -> None:
    code = application.__code__

    assert code.co_stacksize == ROOM
