"""Who is alive of an installation, who of them may be killed, and who is an orphan."""

import contextlib
from dataclasses import dataclass
from pathlib import Path

import psutil

_KINDS = {
    "keeper": ("ippgateway.app.cli", "run"), "supervisor": ("supervise",), "setup": ("ippgateway.app.cli", "setup"),
    "acquirer": ("ippsandbox.acquirer",), "access-control": ("ippsandbox.threeds.acs",),
    "directory": ("ippsandbox.threeds.directory",), "postmaster": ("wal_level=replica",),
    "keys-postmaster": ("wal_level=minimal",), "keys": ("ippgateway.app.cli", "keys"), "pay": ("zone", "pay"),
    "site": ("zone", "site"), "console": ("zone", "console"), "worker": ("zone", "worker"),
    "shop": ("ippsandbox.shop",),
}  # fmt: skip


@dataclass(frozen=True)
class Installation:
    """The processes of one data directory. `top`: the process that was started, to be left alone; the keeper itself,
    or the `make` that starts the keeper again, and then the keeper is to be killed like everybody else."""

    data: Path
    top: int

    def alive(self) -> list[psutil.Process]:
        """Every living process that belongs to it, whoever its parent is."""
        return [each for each in psutil.process_iter() if self._is_ours(each)]

    def orphans(self) -> list[str]:
        """Those that are not below the top, and those that should be there once and are there twice."""
        with contextlib.suppress(psutil.NoSuchProcess):
            below = {each.pid for each in psutil.Process(self.top).children(recursive=True)} | {self.top}
            found = [each for each in self.alive() if each.pid not in below]
            kinds = [kind for each in self.alive() if (kind := _kind(each)) not in {"backend", "other"}]
            return [_kind(each) for each in found] + [kind for kind in set(kinds) if kinds.count(kind) > 1]
        return ["the top is gone"]

    def victims(self) -> dict[str, list[psutil.Process]]:
        """Whom to kill, by kind: the supervisor, the postmaster, its backends, each zone and each of the sandbox."""
        found: dict[str, list[psutil.Process]] = {}
        for each in self.alive():
            kind = _kind(each)
            if each.pid != self.top and kind != "other":
                found.setdefault(kind, []).append(each)
        return found

    def _is_ours(self, process: psutil.Process) -> bool:
        mark = str(self.data)
        with contextlib.suppress(psutil.Error):
            if process.status() == psutil.STATUS_ZOMBIE:
                return False
            named = process.cwd().startswith(mark) or any(mark in word for word in process.cmdline())
            return named or process.environ().get("IPPGATEWAY_DATA_DIR") == mark
        return False


def _kind(process: psutil.Process) -> str:
    try:
        words = process.cmdline()
    except psutil.Error:
        return "other"
    for kind, marks in _KINDS.items():
        if any(tuple(words[at : at + len(marks)]) == marks for at in range(len(words))):
            return kind
    return "backend" if words and words[0].startswith("postgres:") else "other"
