"""What a page says of an input that is wrong."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldError:
    """A problem with the id of the field that it links to."""

    field_id: str
    message: str
