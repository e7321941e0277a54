"""What stands in the log of what visitors do."""

import copy
import logging


class OneLine(logging.Filter):
    """Leaves out where in the program something happened."""

    def filter(self, record: logging.LogRecord) -> logging.LogRecord:
        """Return the record without its traceback; other handlers keep theirs."""
        line = copy.copy(record)
        line.exc_info = line.exc_text = None
        return line
