"""Where backups are, and how long they are kept.

```
DIRECTORY/
  data/20260301T120000Z/   a copy of the data server's files; `about.json` says which log goes on from it
  wal/20260301T120000Z/    the data server's log from that moment on, as it is written
  keys/20260301T120500Z.keys   the key database, encrypted under the master key
```

A note beside the data says where the log goes on being copied to. What is older than `IPPGATEWAY_BACKUP_DAYS` is
removed at every backup and by the schedule, because a key that was destroyed must not live on in a backup (SEC-5).
"""

import json
import os
import re
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ippgateway.app.settings import Settings

_STAMP = "%Y%m%dT%H%M%SZ"
_SEGMENT = re.compile(r"[0-9A-F]{24}")


@dataclass(frozen=True, slots=True)
class Note:
    """That the log is being copied: the directory of the backups, and the folder in it."""

    directory: Path
    log: str

    @property
    def folder(self) -> Path:
        """Where the log goes."""
        return self.directory / "wal" / self.log


@dataclass(frozen=True, slots=True)
class DataBackup:
    """A copy of the data server's files. `ended_at`: from this moment on it can be restored to. `log`: the folder with
    the log that goes on from it; `segment`: the first file of it that this copy needs."""

    folder: Path
    ended_at: datetime
    log: Path
    segment: str

    @property
    def files(self) -> Path:
        """The server's files."""
        return self.folder / "base"


def stamp(at: datetime) -> str:
    """A moment as part of a name."""
    return at.astimezone(UTC).strftime(_STAMP)


def moment(name: str) -> datetime | None:
    """The moment in a name, if it begins with one."""
    try:
        return datetime.strptime(name.partition(".")[0], _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


# --- the note ---


def noted(settings: Settings) -> Note | None:
    """Where the log is being copied to, if anywhere."""
    try:
        said = json.loads(_note(settings).read_text())
        return Note(Path(said["directory"]), str(said["log"]))
    except FileNotFoundError:
        return None


def note(settings: Settings, what: Note) -> None:
    """From now on the log is copied there."""
    write(_note(settings), {"directory": str(what.directory), "log": what.log})


def forget_note(settings: Settings) -> None:
    """The log is copied nowhere any more."""
    _note(settings).unlink(missing_ok=True)


def is_kept_anywhere(settings: Settings) -> bool:
    """Whether backups of the data are being made."""
    return noted(settings) is not None


def _note(settings: Settings) -> Path:
    return settings.data_dir / "backups.json"


def write(path: Path, what: dict[str, str]) -> None:
    """A small file, whole or not at all."""
    fresh = path.with_name(f".{path.name}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(what, file)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)


# --- what there is ---


def key_file(directory: Path, at: datetime) -> Path:
    """The name of a backup of the keys."""
    return directory / "keys" / f"{stamp(at)}.keys"


def data_backups(directory: Path) -> list[DataBackup]:
    """The complete backups of the data, oldest first."""
    found = []
    for about in sorted(directory.glob("data/*/about.json")):
        said = json.loads(about.read_text())
        ended_at = datetime.fromisoformat(said["ended_at"])
        found.append(DataBackup(about.parent, ended_at, directory / "wal" / said["log"], said["segment"]))
    return found


def key_backups(directory: Path) -> list[Path]:
    """The backups of the keys, oldest first."""
    return sorted(path for path in directory.glob("keys/*.keys") if moment(path.name) is not None)


# --- what goes ---


def remove_old(settings: Settings, directory: Path, *, now: datetime) -> int:
    """Remove backups past their term, and the log that only they need. The newest of the data stays: it is what there
    is. Of the keys none stays, however old the next one is: that is the promise. How many files and folders went."""
    before, gone = now - timedelta(days=settings.backup_days), 0
    for path in key_backups(directory):
        made_at = moment(path.name)
        if made_at is not None and made_at < before:
            path.unlink()
            gone += 1
    backups = data_backups(directory)
    for backup in backups[:-1]:
        if backup.ended_at < before:
            shutil.rmtree(backup.folder)
            gone += 1
    return gone + _remove_log(directory)


def _remove_log(directory: Path) -> int:
    """Folders of the log that no backup names, and in the others the files before the first that one needs."""
    needed: dict[Path, str] = {}
    for backup in data_backups(directory):
        needed[backup.log] = min(backup.segment, needed.get(backup.log, backup.segment))
    gone = 0
    for folder in directory.glob("wal/*"):
        if (
            folder not in needed
            and needed
            and (moment(folder.name) or datetime.max.replace(tzinfo=UTC))
            < min(b.ended_at for b in data_backups(directory))
        ):
            shutil.rmtree(folder)
            gone += 1
            continue
        for path in folder.iterdir():
            # The first eight digits are the timeline; a later one goes on from an earlier one.
            if folder in needed and _SEGMENT.fullmatch(path.name) and path.name[8:] < needed[folder][8:]:
                path.unlink()
                gone += 1
    return gone
