"""Logging: an event name and declared plain values, never text from outside.

`log.info("payment.captured", payment=payment_id)` writes one JSON line. A value may be an id, a number, a truth value
or a word of our own; anything else is refused by its shape, so that a card number, an address or a sentence can't slip
in. What libraries log is reduced to its logger and level, because their messages may quote what came from outside.
"""

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO

_PLAIN = re.compile(r"[a-z][a-z0-9_.:/-]{0,60}|[0-9A-Za-z]{4}-[0-9A-Za-z]{4}-[0-9A-Za-z]{4}", re.ASCII)
_MANY_DIGITS = re.compile(r"(\d[^a-z]?){7}", re.ASCII)  # ids of ours begin with letters for centuries to come
_HIDDEN = "(hidden)"
_OURS = str(Path(__file__).parents[1])

Value = str | int | float | bool | None

_stream: IO[str] = sys.stderr
_threshold = logging.INFO


def start(level: str = "info", stream: IO[str] | None = None) -> None:
    """Send every log line of this process, ours and the libraries', through this module."""
    global _stream, _threshold  # noqa: PLW0603 - one log per process
    _stream = stream or sys.stderr
    _threshold = logging.getLevelNamesMapping()[level.upper()]
    root = logging.getLogger()
    root.handlers[:] = [_Libraries()]
    root.setLevel(max(_threshold, logging.WARNING))
    logging.raiseExceptions = False
    sys.excepthook = _uncaught


class Log:
    """A log of one room."""

    def __init__(self, room: str) -> None:
        self._room = room

    def info(self, event: str, **values: Value) -> None:
        """Something happened as it should."""
        self._write(logging.INFO, event, values)

    def warning(self, event: str, **values: Value) -> None:
        """Something wants a look, not at night."""
        self._write(logging.WARNING, event, values)

    def error(self, event: str, error: BaseException | None = None, **values: Value) -> None:
        """Something failed. Of the error only its type and the place in the code are written, never its message."""
        if error is not None:
            values |= where(error)
        self._write(logging.ERROR, event, values)

    def _write(self, level: int, event: str, values: dict[str, Value]) -> None:
        if level >= _threshold:
            _emit(level, self._room, event, {k: plain(v) for k, v in values.items()})


def plain(value: Value) -> Value:
    """The value if its shape is that of an id, a number or a word of our own; else a placeholder."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return value if abs(value) < 1e11 else _HIDDEN  # a card number has twelve digits or more
    return value if _PLAIN.fullmatch(value) and not _MANY_DIGITS.search(value) else _HIDDEN


def where(error: BaseException) -> dict[str, Value]:
    """An error's type and the innermost places in our code, as `file:line` words; nothing of its message."""
    every = list(traceback.extract_tb(error.__traceback__))
    frames = ([f for f in every if _OURS in f.filename] or every)[-3:]
    places = {f"at_{i}": f"{Path(f.filename).stem.lower()}:{f.lineno}" for i, f in enumerate(reversed(frames))}
    return {"error": _word(type(error).__name__), **places}


def _word(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().strip("_")


def _emit(level: int, room: str, event: str, values: dict[str, Value]) -> None:
    at = datetime.now(UTC).isoformat(timespec="milliseconds")  # a log line's own time is the machine's
    line = {"at": at, "level": logging.getLevelName(level).lower(), "room": room, "event": event, **values}
    _stream.write(json.dumps(line, separators=(",", ":")) + "\n")
    _stream.flush()


class _Libraries(logging.Handler):
    """A library's record, reduced to where it came from and what kind of error it carried."""

    def emit(self, record: logging.LogRecord) -> None:
        values: dict[str, Value] = {"library": plain(record.name.lower()), "line": record.lineno}
        if record.exc_info and record.exc_info[1] is not None:
            values |= where(record.exc_info[1])
        _emit(record.levelno, "library", "library.message", values)


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    _emit(logging.CRITICAL, "process", "process.died", where(error.with_traceback(trace)))
