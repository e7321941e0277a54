"""What is no fault of a page: the database is away, busy, or holds nothing yet."""

from django.db import DatabaseError, InterfaceError, OperationalError, ProgrammingError


class NotReadyError(Exception):
    """The database does not hold yet what every page needs."""


def is_unavailable(error: BaseException | None) -> bool:
    """Tell whether an error comes from a database that cannot answer now."""
    kinds = (NotReadyError, OperationalError, ProgrammingError, InterfaceError)
    # SQLite says of a file that it cannot read only that it is an error; other errors without a
    # kind of their own there are none, and those with one are faults of the program.
    return isinstance(error, kinds) or type(error) is DatabaseError
