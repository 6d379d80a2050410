"""What is read of processes from files under /proc."""

import os
import subprocess
import sys

from tests.benchmarks import observed


def test_sizes_are_megabytes_and_other_lines_are_left_out() -> None:
    text = "Name:\tpython (3)\nVmHWM:\t  102400 kB\nVmRSS:\t   51200 kB\nThreads:\t4\n"

    assert observed.sizes(text) == {"VmHWM": 100.0, "VmRSS": 50.0}


def test_time_of_a_process_is_counted_with_that_of_its_ended_children() -> None:
    stat = "42 (a (name) of )its own) S 1 42 42 0 -1 4194560 100 0 0 0 7 5 3 2 20 0 1 0 100 0 0"

    assert observed.ticks(stat) == 17


def test_a_process_that_is_gone_has_no_children_and_takes_no_time() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait(30)

    assert observed.family(ended.pid) == [ended.pid]
    assert observed.cpu_seconds([ended.pid]) == 0


def test_a_family_has_children() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        family = observed.family(os.getpid())

    assert child.pid in family


def test_memory_of_this_process_at_its_peak_is_at_least_what_it_has_now() -> None:
    seen = observed.memory(os.getpid())

    assert seen.peak >= seen.resident >= seen.proportional > 0
