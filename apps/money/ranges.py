"""One check of an input's range, which names the input."""


def check(name: str, value: float, low: float, high: float = float("inf")) -> None:
    """Raise ValueError, naming the field, unless low ≤ value ≤ high; NaN is never in range."""
    if not low <= value <= high:
        raise ValueError(f"{name} must be between {low:g} and {high:g}, not {value}")


def check_positive(name: str, value: float) -> None:
    """Raise ValueError, naming the field, unless 0 < value < infinity."""
    if not 0 < value < float("inf"):
        raise ValueError(f"{name} must be above 0 and finite, not {value}")
