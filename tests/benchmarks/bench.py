"""What a part of the benchmarks is given: databases, rounds between calibrations, and how much to measure."""

from dataclasses import dataclass

from tests.benchmarks.calibration import Calibration, Rounds
from tests.benchmarks.databases import Databases, Size
from tests.benchmarks.options import Options


@dataclass(frozen=True)
class Bench:
    """The machine and the wish of whoever runs the benchmarks."""

    databases: Databases
    calibration: Calibration
    options: Options

    def address(self, size: Size) -> str:
        """A database of this size."""
        return self.databases.address(size)

    def rounds(self, *, most: int | None = None) -> Rounds:
        """As many rounds as were asked for, or `most` where one takes long."""
        count = self.options.rounds if most is None else min(most, self.options.rounds)
        return Rounds(self.calibration, count)
