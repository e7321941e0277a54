"""What stands in the log: a line of JSON for each thing that happened, and no answers.

An address may hold what somebody answered, and so may the message of an exception: neither is
written. What a line may hold beside its message is named here.
"""

import copy
import json
import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime

# The request that this thread answers; empty outside of one.
request_id: ContextVar[str] = ContextVar("request_id", default="")

_FIELDS = ("account", "address", "method", "route", "status", "ms")


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id.get():
            line["request"] = request_id.get()
        line |= {name: vars(record)[name] for name in _FIELDS if name in vars(record)}
        if record.exc_info and record.exc_info[1]:
            line["traceback"] = _places(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def _places(error: BaseException) -> list[str]:
    """Return where an error happened and of which kind it and its causes are."""
    found = []
    cause: BaseException | None = error
    while cause is not None:
        found.append(type(cause).__qualname__)
        frames = traceback.extract_tb(cause.__traceback__)
        found += [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return found


class OneLine(logging.Filter):
    """Leaves out where in the program something happened."""

    def filter(self, record: logging.LogRecord) -> logging.LogRecord:
        """Return the record without its traceback; other handlers keep theirs."""
        line = copy.copy(record)
        line.exc_info = line.exc_text = None
        return line
