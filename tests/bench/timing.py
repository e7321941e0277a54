"""Time a call and print what a table of figures needs."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True)
class Timing:
    """How long the runs of one call took, in milliseconds."""

    name: str
    runs: int
    minimum: float
    median: float
    maximum: float

    def __str__(self) -> str:
        """Return one line of the table."""
        return (
            f"{self.name:<48} {self.runs:>5} runs  min {self.minimum:>9.3f}  "
            f"median {self.median:>9.3f}  max {self.maximum:>9.3f} ms"
        )


def measure(name: str, call: Callable[[], object], runs: int = 20) -> Timing:
    """Run `call` once to warm up and then `runs` times, print the times and return them."""
    call()
    taken = []
    for _ in range(runs):
        start = perf_counter()
        call()
        taken.append((perf_counter() - start) * 1000)
    timing = Timing(name, runs, min(taken), median(taken), max(taken))
    print(timing)
    return timing
