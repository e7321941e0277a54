"""What is raised for a file that cannot be read, and how its own words are repeated."""

SHORT = 40


class UnreadableUsageError(ValueError):
    """A file of usage that cannot be read; its text is a sentence for the person who brought it."""


def short(text: str, length: int = SHORT) -> str:
    """Cut a text from the file to what a sentence may repeat of it."""
    shown = "".join(
        c if c.isprintable() else "\ufffd" for c in " ".join(text[: 4 * length].split())
    )
    return shown if len(shown) <= length else f"{shown[: length - 1]}…"


def same_thing(first: str, second: str) -> UnreadableUsageError:
    """Return the error of two columns of which either would count alone."""
    return UnreadableUsageError(
        f"The columns “{short(first)}” and “{short(second)}” count the same thing; "
        "remove one of them."
    )
