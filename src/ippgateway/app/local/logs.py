"""Log files with an end: past the limit a file becomes `.1` and begins anew."""

import contextlib
import os
import shutil
from pathlib import Path

LIMIT_OCTETS = 5 * 1024 * 1024


def open_log(path: Path) -> int:
    """A descriptor that appends; the caller closes it. Only its owner may read the file."""
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)


def rotate(path: Path, limit: int = LIMIT_OCTETS) -> bool:
    """Copy and empty a log past its limit; its writers append, so that they go on at the start.

    The file is not renamed because its writers keep it open. Lines written between copy and emptying are lost.
    """
    with contextlib.suppress(OSError):
        if path.stat().st_size > limit:
            before = path.with_suffix(path.suffix + ".1")
            shutil.copyfile(path, before)
            before.chmod(0o600)
            os.truncate(path, 0)
            return True
    return False


def last_line(path: Path) -> str:
    """The last line of a log, at most 300 characters; empty when there is none."""
    with contextlib.suppress(OSError), path.open("rb") as log:
        log.seek(max(0, path.stat().st_size - 2000))
        lines = log.read().decode(errors="replace").strip().splitlines()
        return lines[-1][:300] if lines else ""
    return ""
