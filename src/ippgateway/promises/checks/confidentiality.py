"""Section 5, CARD-5: what lies on the disk, in the logs, and who could open it."""

import io
import logging
import re
import sys
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from types import TracebackType

from ippgateway.core import log
from ippgateway.privacy import masterkeys
from ippgateway.privacy.catalogue import PAYMENT
from ippgateway.privacy.declare import KEYS, MAIN
from ippgateway.privacy.masterkeys import FileMasterKeys, MasterKey, TokenUnavailable, UnsafeKeyFile
from ippgateway.privacy.persons import wrapping_place
from ippgateway.privacy.sealing import CannotOpen
from ippgateway.privacy.zones import Zone
from ippgateway.promises.context import Context
from ippgateway.promises.finding import Finding, Surface, judge
from ippgateway.promises.looking import fields, sealed_values

_SEAL_VERSION, _NONCE_OCTETS, _TAG_OCTETS = 1, 12, 16
_SECURITY_CODES = re.compile(r"cv[vcn]2?|cav2|cid|security_?code|card_?code|pin|track_?[12]?", re.IGNORECASE)
_DIGITS, _E_MAIL = re.compile(rb"(?<![0-9])[0-9]{12,19}(?![0-9])"), re.compile(rb"[\w.+-]{1,64}@[\w-]{1,63}\.\w{2,}")
_LOG_OCTETS = 64_000_000
_KEY_PERIOD = timedelta(days=366)

# What may make the server write a value into its own log (setting: the values that keep it from that).
_SERVER_LOG = {
    "log_statement": {"none"},
    "log_min_duration_statement": {"-1"},
    "log_min_duration_sample": {"-1"},
    "log_parameter_max_length": {"0"},
    "log_parameter_max_length_on_error": {"0"},
    "log_min_error_statement": {"panic"},
    "log_min_messages": {"log", "fatal", "panic"},
}

# Made up for this check: a number that passes Luhn's test, and words that nothing else contains.
_CANARIES = ("4929000000006", "canary of promise card-5", "canary@promise.example")


async def at_rest_and_in_logs(context: Context) -> Finding:
    """CARD-5: sealed values, keys apart from data and closed to others, no security code, nothing in the logs."""
    sealed, looked_at = await _sealed_badly(context)
    rotation, newest = await _rotation(context)
    logged, octets = _in_files(context.log_dir)
    faults = [
        *sealed,
        *await _keys_beside_data(context),
        *await _keys_open_too_easily(context),
        *rotation,
        *_security_codes(context),
        *await _server_log(context),
        *_through_the_log(),
        *logged,
    ]
    return judge(
        faults=faults,
        proof=f"{looked_at} sealed values have the form of AES-256-GCM with nonces used once; their keys lie in "
        "another database and open only with master keys in "
        f"{'a token' if context.token else 'files closed to others'}; no field holds a security code; keys are rotated "
        f"(the vault's newest is of {newest}) and no stored number has lost its key; the server's log holds no values, "
        f"canaries do not pass the program's, and {octets // 1000} kB of log files contain no card number and no "
        "address",
        surfaces=(Surface.MAIN_DATABASE, Surface.KEY_DATABASE, Surface.KEY_FILES, Surface.LOGS),
    )


# --- at rest ---


async def _sealed_badly(context: Context) -> tuple[list[str], int]:
    """Sealed fields whose values do not look sealed (a number, text), or use a nonce twice; how many were looked at."""
    bad, nonces, count = set(), set(), 0
    async for field, value in sealed_values(context):
        count += 1
        nonce = value[1 : 1 + _NONCE_OCTETS]
        if not looks_sealed(value) or nonce in nonces:
            bad.add(str(field))
        nonces.add(nonce)
    return [f"{place} holds a value that is not sealed properly" for place in sorted(bad)], count


def looks_sealed(value: bytes) -> bool:
    """Whether a value has a seal's layout and does not read as text or digits."""
    long_enough = len(value) > 1 + _NONCE_OCTETS + _TAG_OCTETS
    return long_enough and value[0] == _SEAL_VERSION and not value[1:].isascii() and not _DIGITS.search(value)


async def _keys_beside_data(context: Context) -> list[str]:
    names = {}
    for of in (MAIN, KEYS):
        async with context.connect(Zone.PAY, of) as connection:
            names[id(of)] = await connection.fetchval("select current_database()")
    if names[id(MAIN)] == names[id(KEYS)]:
        return ["keys and data lie in one database"]
    return []


async def _keys_open_too_easily(context: Context) -> list[str]:
    """Each kind of stored key opens under its own master key and under no other, wherever those are; files are closed
    to others."""
    try:
        store = context.token() if context.token else FileMasterKeys(context.keys_dir, context.randomness)
        masters = {name: store.key(name) for name in masterkeys.NAMES}
    except (UnsafeKeyFile, TokenUnavailable) as why:
        return [str(why)]
    found = []
    for name, table in ((masterkeys.PERSONS, "wrapping_key"), (masterkeys.VAULT, "vault_key")):
        async with context.under(Zone.PAY, PAYMENT, of=KEYS) as tx:
            rows = await tx.fetch(f"select id, kind, wrapped from ipp.{table} order by id limit 100")
        for row in rows:
            place = wrapping_place(row["kind"], row["id"])
            openers = {other for other, master in masters.items() if _opens(master, row["wrapped"], place)}
            if openers != {name}:
                found.append(f"a key in {table} opens under {', '.join(sorted(openers)) or 'no master key'}")
        if not rows:
            found.append(f"{table} holds no key")
    return found


def _opens(master: MasterKey, wrapped: bytes, place: str) -> bool:
    try:
        master.unwrap(wrapped, place)
    except CannotOpen:
        return False
    return True


async def _rotation(context: Context) -> tuple[list[str], str]:
    """Keys past their period, and cards whose key is gone (PCI DSS 3.7.4); the day of the vault's newest key."""
    found = []
    async with context.under(Zone.PAY, PAYMENT, of=KEYS) as tx:
        vault, codes = [
            await tx.fetch("select id, created_at from ipp.vault_key where kind = $1 order by id", kind)
            for kind in ("number", "fingerprint")
        ]
        epochs = await tx.fetch("select created_at from ipp.wrapping_key where kind = 'epoch' order by id")
    for name, rows in (
        ("vault's number key", vault), ("vault's fingerprint key", codes), ("epoch of persons' keys", epochs),
    ):  # fmt: skip
        if not rows or context.clock.now() - rows[-1]["created_at"] > _KEY_PERIOD:
            found.append(f"the newest {name} is older than {_KEY_PERIOD.days} days; `ippgateway keys rotate` makes one")
    async with context.under(Zone.PAY, PAYMENT, tenants=await context.tenants()) as tx:
        lost = await tx.fetchval(
            "select count(*) from ipp.card where not number_key = any($1::int[])", [row["id"] for row in vault]
        )
    if lost:
        found.append(f"{lost} card numbers are sealed under a key that no longer exists")
    return found, vault[-1]["created_at"].date().isoformat() if vault else "no day"


def _security_codes(context: Context) -> Iterable[str]:
    return (f"{f} may hold a security code" for f in fields(context) if _SECURITY_CODES.fullmatch(f.column.name))


# --- logs ---


async def _server_log(context: Context) -> list[str]:
    found = []
    async with context.connect(Zone.PAY, MAIN) as connection:
        rows = await connection.fetch("select name, setting from pg_settings where name = any($1)", list(_SERVER_LOG))
    live = {row["name"]: row["setting"] for row in rows}
    for name, safe in _SERVER_LOG.items():
        if live.get(name) not in safe:
            found.append(f"the database server's {name} may put values into its log")
    return found


def _through_the_log() -> list[str]:
    """Plant canaries where a careless line or a library would, and look at what is written."""
    sink = io.StringIO()
    with _Borrowed(sink):
        for canary in _CANARIES:
            log.Log("promise").error("promise.tried", _error(canary), value=canary, number=int(_CANARIES[0]))
            logging.getLogger("promise.tried").error("a library says %s", canary, exc_info=_error(canary))
            sys.excepthook(ValueError, _error(canary), None)
    written = sink.getvalue()
    if "promise.tried" not in written:
        return ["the program's log wrote nothing when it was tried"]
    return ["the program's log lets values from outside through"] if any(c in written for c in _CANARIES) else []


def _error(text: str) -> ValueError:
    try:
        int(text, 2)  # Python's own message quotes the text
    except ValueError as error:
        return error
    raise AssertionError("no such number")


class _Borrowed:
    """The process's log, sent to a sink for a moment."""

    def __init__(self, sink: io.StringIO) -> None:
        self._sink = sink

    def __enter__(self) -> None:
        root = logging.getLogger()
        self._before = root.handlers[:], root.level, logging.raiseExceptions, sys.excepthook
        log.start("info", self._sink)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        log.start()
        root = logging.getLogger()
        root.handlers[:], level, logging.raiseExceptions, sys.excepthook = self._before
        root.setLevel(level)


def _in_files(folder: Path) -> tuple[list[str], int]:
    """Log files with something that passes for a card number or an address, and how many bytes were read."""
    found, octets = [], 0
    for path in sorted(folder.glob("*.log*")):
        content = path.read_bytes()[-_LOG_OCTETS:]
        octets += len(content)
        if _E_MAIL.search(content) or any(_luhn(m.group()) for m in _DIGITS.finditer(content)):
            found.append(f"the log file {path.name} holds what looks like a card number or an address")
    return found, octets


def _luhn(digits: bytes) -> bool:
    doubled = (d * 2 - 9 if d > 4 else d * 2 for d in (int(c) for c in digits.decode()[-2::-2]))
    return (sum(doubled) + sum(int(c) for c in digits.decode()[::-2])) % 10 == 0
