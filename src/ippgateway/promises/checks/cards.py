"""Section 5: card numbers and the ways they take. (How they lie at rest: `confidentiality`.)"""

import ast
import ipaddress
import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path

from ippgateway.core import tls
from ippgateway.domains.consents import schemas
from ippgateway.privacy.catalogue import (
    ACQUIRER,
    CARD_NUMBER,
    DIRECTORY_SERVER,
    PAYMENT,
    PAYMENT_RECIPIENTS,
    PAYMENT_RECORDS,
    PAYMENT_RECOVERY,
    RECIPIENTS,
    VAULT,
)
from ippgateway.privacy.declare import KEYS, MAIN
from ippgateway.privacy.disclosure import register
from ippgateway.privacy.vocabulary import Recipient
from ippgateway.privacy.zones import PURPOSES, RIGHTS, Zone
from ippgateway.promises.checks.customers import not_answering
from ippgateway.promises.context import Context, Link
from ippgateway.promises.finding import CannotCheck, Finding, Surface, judge
from ippgateway.promises.looking import StoredField, differences, fields, tried

_PAYING = frozenset({PAYMENT, PAYMENT_RECOVERY})
_SHOWN_FIRST, _SHOWN_LAST = 6, 4

# The connectors that may open a card number, and to whom it goes from there.
_WAYS_OUT = {"iso8583": ACQUIRER, "threeds": DIRECTORY_SERVER}
_NUMBER_NAMES = frozenset({"pan", "CardData"})


# --- CARD-1 ---


async def an_acquirer_answers(context: Context) -> Finding:
    """CARD-1: the acquirer link is signed on, and what was approved carries the acquirer's own code."""
    answer = await context.ask("health/ready", None)
    parts = answer.body.get("parts", {})
    if "acquirer" not in parts:
        raise CannotCheck("the payment entrance does not say how its link is")
    faults = [] if parts["acquirer"] else ["the acquirer link is not signed on"]
    async with context.under(Zone.PAY, PAYMENT_RECORDS, tenants=await context.tenants()) as tx:
        row = await tx.fetchrow(
            "select count(*) as approved, count(*) filter (where auth_code = '') as unproved, "
            "to_char(max(settled_at) at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as newest "
            "from ipp.payment_action where result = 'ACK' and method in ('AUTH', 'SALE')"
        )
    if row is None:
        raise CannotCheck("the approvals could not be counted")
    if row["unproved"]:
        faults.append(f"{row['unproved']} approvals carry no code of the acquirer")
    absent = await not_answering(context, "capture", "refund", "void")
    newest = f", the newest at {row['newest']} UTC" if row["newest"] else ""
    return judge(
        faults=faults,
        proof=f"the ISO 8583 link is signed on, and {row['approved']} approvals carry the acquirer's code{newest}",
        missing=", ".join([*absent, *([] if row["approved"] else ["a first approved payment in this installation"])]),
        surfaces=(Surface.PAYMENTS, Surface.ACQUIRER),
    )


# --- CARD-2 ---


async def links_are_encrypted(context: Context) -> Finding:
    """CARD-2: every link stays on this machine, which is said of each, or is encrypted with TLS 1.2 or newer. The
    database is asked how it is really reached, and our listeners whether they speak anything older."""
    faults = [f"{link.name} goes to another machine unencrypted" for link in unsafe_links(context)]
    listeners = [link for link in context.links if link.encrypted and link.port]
    faults += [f"{link.name} speaks a version below TLS 1.2" for link in listeners if await _speaks_older(link)]
    if tls.calling().minimum_version < tls.FLOOR:
        faults.append("ways out may speak a version below TLS 1.2")
    for of, name in ((MAIN, "main"), (KEYS, "key")):
        async with context.connect(Zone.PAY, of) as connection:
            safe = await connection.fetchval(
                "select coalesce(inet_server_addr() <<= '127.0.0.0/8' or inet_server_addr() = '::1', true) or ("
                "select ssl and version in ('TLSv1.2', 'TLSv1.3') from pg_stat_ssl where pid = pg_backend_pid())"
            )
        if not safe:
            faults.append(f"the {name} database is reached over the network without TLS 1.2")
    plain = [link.name for link in context.links if not link.encrypted]
    encrypted = [link.name for link in context.links if link.encrypted]
    return judge(
        faults=faults,
        proof=f"encrypted with TLS 1.2 or newer: {', '.join(encrypted) or 'none'}; plain, because they stay on this "
        f"machine: {', '.join(plain) or 'none'}; both databases are reached over a local socket, loopback or TLS 1.2",
        surfaces=(Surface.PAYMENTS, Surface.ACQUIRER, Surface.DIRECTORY, Surface.MAIN_DATABASE, Surface.KEY_DATABASE),
    )


async def _speaks_older(link: Link) -> bool:
    try:
        return await tls.speaks_older(link.host, link.port)
    except (OSError, TimeoutError):
        raise CannotCheck(f"{link.name} does not answer") from None


def unsafe_links(context: Context) -> list[Link]:
    """The links that are neither encrypted nor stay on this machine."""
    return [link for link in context.links if not (link.encrypted or _loopback(link.host))]


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


# --- CARD-3 ---


async def numbers_are_for_payments(context: Context) -> Finding:
    """CARD-3: tried as every zone and purpose; only taking a payment, and clearing one up, reaches a card number."""
    numbers = [field for field in fields(context) if field.said.category == CARD_NUMBER]
    if not numbers:
        raise CannotCheck("no field is declared as a card number")
    faults = [fault for field in numbers for fault in _declared_wrongly(field)]
    faults += [
        f"zone {zone.value} holds the vault's keys" for zone, r in RIGHTS.items() if r.vault and zone is not Zone.PAY
    ]
    reached, attempts = await _reached(context, numbers)
    faults += reached
    faults += await _shown(context)
    return judge(
        faults=faults,
        proof=f"{attempts} attempts as every zone and purpose: only zone pay reads sealed card numbers and the "
        f"vault's wrapped keys, and only to take a payment or clear one up; everybody else sees at most the first "
        f"{_SHOWN_FIRST} and last {_SHOWN_LAST} digits",
        surfaces=(Surface.MAIN_DATABASE, Surface.KEY_DATABASE, Surface.DECLARATIONS),
    )


def _declared_wrongly(field: StoredField) -> Iterable[str]:
    if field.said.sealed != VAULT:
        yield f"{field} is not sealed by the vault"
    if not field.said.uses <= _PAYING:
        yield f"{field} is declared for more than payments"


async def _reached(context: Context, numbers: list[StoredField]) -> tuple[list[str], int]:
    """Who reaches card numbers or the vault's keys and should not, or should and does not; how often it was tried."""
    places = (
        (MAIN, [f"select {field.column.name} from ipp.{field.table.name} limit 1" for field in numbers]),
        (KEYS, ["select wrapped from ipp.vault_key limit 1"]),
    )
    faults, attempts = [], 0
    for zone, (of, statements) in itertools.product(Zone, places):
        async for purpose, sql, allowed in tried(context, zone, (None, *PURPOSES), statements, of=of):
            attempts += 1
            if allowed is not (zone is Zone.PAY and purpose in _PAYING):
                who = f"zone {zone.value} {'for ' + purpose.key if purpose else 'without a purpose'}"
                faults.append(f"{who} {'may' if allowed else 'may not'} {sql.removesuffix(' limit 1')}")
    return faults, attempts


async def _shown(context: Context) -> list[str]:
    async with context.under(Zone.CONSOLE, PAYMENT_RECORDS, tenants=await context.tenants()) as tx:
        wide = await tx.fetchval(
            "select count(*) from ipp.card where length(first6) > $1 or length(last4) > $2", _SHOWN_FIRST, _SHOWN_LAST
        )
    return [f"{wide} cards show more digits than that"] if wide else []


# --- CARD-4 ---


async def numbers_go_to_nobody_else(context: Context) -> Finding:
    """CARD-4: no other recipient is declared for a card number, no other connector opens one, and the gate asks for a
    consent that nobody can have given yet."""
    numbers = [field for field in fields(context) if field.said.category == CARD_NUMBER]
    faults = await differences(context)
    faults += [
        f"{field} is declared for the recipient {recipient.key}"
        for field in numbers
        for recipient in field.said.to - PAYMENT_RECIPIENTS
    ]
    opening = _opening(context.source_dir / "connectors")
    if not opening:
        raise CannotCheck("the program's source is not where it was looked for")
    faults += [f"the connector {name} handles card numbers" for name in sorted(opening - _WAYS_OUT.keys())]
    faults += [f"{r.key} is no longer among the declared ways" for r in set(_WAYS_OUT.values()) - PAYMENT_RECIPIENTS]
    faults += _unasked(context.source_dir / "connectors" / "gate.py")
    return judge(
        faults=faults,
        proof=f"{len(numbers)} field holds card numbers and is declared for {_told(r.key for r in PAYMENT_RECIPIENTS)} "
        f"alone; of the connectors only {_told(opening)} handle a number; for the {len(_others())} other kinds of "
        f"recipient the gate asks for a consent under each of {len(PURPOSES)} purposes",
        surfaces=(Surface.DECLARATIONS, Surface.ACQUIRER, Surface.DIRECTORY),
    )


def _others() -> list[Recipient]:
    return [kind for kind in RECIPIENTS if kind not in PAYMENT_RECIPIENTS]


def _unasked(gate: Path) -> Iterator[str]:
    """How a number could leave without the payer's yes to just that."""
    number = frozenset({CARD_NUMBER})
    for kind, purpose in itertools.product(_others(), PURPOSES):
        if not register.needs_consent(kind, purpose, number):
            yield f"{kind.key} would get a card number for {purpose.key} without anybody's consent"
    for purpose, covered in schemas.COVERED.items():
        if number <= covered:
            yield f"a yes to {purpose.key} counts as one to handing over a card number"
    if "needs_consent" not in _names(gate):
        yield "the gate asks nobody for consent"


def _opening(connectors: Path) -> set[str]:
    """The connectors whose source names a card or its number."""
    return {
        path.relative_to(connectors).parts[0].removesuffix(".py")
        for path in sorted(connectors.rglob("*.py"))
        if _names(path) & _NUMBER_NAMES
    }


def _names(path: Path) -> set[str]:
    nodes = ast.walk(ast.parse(path.read_text()))
    return {n.attr if isinstance(n, ast.Attribute) else n.id for n in nodes if isinstance(n, ast.Attribute | ast.Name)}


def _told(words: Iterable[str]) -> str:
    return " and ".join(sorted(words))
