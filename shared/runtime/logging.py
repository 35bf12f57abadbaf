"""Structured logs: one JSON object a line, no personal data; tests/unit/test_log_lines.py reads every call."""

import logging
import os
import sys
from datetime import UTC, datetime
from traceback import extract_tb

import orjson

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


NUMBERS = ("sqlstate", "errno", "rc", "status_code")
"""Under which names faults carry a number that says more of their kind."""
MOST_FRAMES = 12


class JsonFormatter(logging.Formatter):
    """A record as JSON: `at`, `level`, `process`, `action` and the extra fields."""

    def __init__(self, process: str) -> None:
        """Name the process in every line."""
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "process": self._process,
            "action": record.getMessage(),
            **{name: value for name, value in vars(record).items() if name not in _STANDARD},
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["fault"] = trail(record.exc_info[1])
        return orjson.dumps(line, default=str).decode()


def why(fault: BaseException) -> str:
    """A fault by its kind and number; never its text, which may quote what somebody typed."""
    number = next((found for name in NUMBERS if (found := getattr(fault, name, None))), None)
    return type(fault).__name__ if number is None else f"{type(fault).__name__} {number}"


def trail(fault: BaseException) -> list[str]:
    """Where a fault came from, the innermost first, and what caused it; without its text."""
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(extract_tb(fault.__traceback__))]
    before = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
    within = fault.exceptions if isinstance(fault, BaseExceptionGroup) else ()
    more = [line for one in (*within, *((before,) if before else ())) for line in trail(one)]
    return [why(fault), *frames[:MOST_FRAMES], *more]


def set_up(process: str) -> None:
    """Log to standard error under this process's name."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter(process))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("httpx").setLevel(logging.WARNING)


def announce_ready(ready_fd: int | None) -> None:
    """Tell the supervisor that this process serves; without one, do nothing."""
    logging.getLogger(__name__).info("process.ready")
    if ready_fd is not None:
        os.write(ready_fd, b"1")
        os.close(ready_fd)
