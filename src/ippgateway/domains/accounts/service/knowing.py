"""A user as a use case knows them: their row opened, and what is written down and told when something happens."""

from collections.abc import Mapping
from dataclasses import dataclass

import asyncpg

from ippgateway.core.database import Tx
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.errors import NoSuchUser
from ippgateway.domains.accounts.models import SignInEvent, User
from ippgateway.domains.accounts.rights import ROLES
from ippgateway.domains.accounts.schemas import Arrival, Audience, Happened
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.domains.mail import service as mail
from ippgateway.domains.mail.schemas import Kind
from ippgateway.privacy.persons import Box
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM

ACTIVE = "active"
_ADDRESS = 45
"""The longest text of an address (IPv6 with IPv4 in it)."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Known:
    """One user, with their keys at hand. Never printed: it says who it is. `rights`: as stored, or of the policy."""

    tenant_id: str
    user_id: str
    audience: Audience
    status: str
    language: str
    rights: tuple[str, ...]
    policy_id: str | None
    second_factor: bool
    verified: bool
    must_change_password: bool
    email: Secret[str]
    name: Secret[str]
    box: Box

    @property
    def about(self) -> tuple[str, ...]:
        """What a guesser of their password would know of them."""
        return (self.email.open(), self.name.open())


async def known(tx: Tx, p: Platform, *, tenant_id: str, user_id: str) -> Known:
    """A user, whatever their status. Raises NoSuchUser."""
    row = await tx.row(f"{_USERS} where tenant_id = $1 and id = $2", tenant_id, user_id)
    if row is None:
        raise NoSuchUser
    # Not `open`, which waits for others to share a transaction with and so may not be called within one.
    boxes = await p.persons.open_many(hall(p)[1], PLATFORM, [row["person_id"]])
    return _known(row, boxes[row["person_id"]])


async def known_with(tx: Tx, p: Platform, *, tenant_id: str, ids: list[str]) -> list[Known]:
    """Several users of a tenant, in the order of their ids."""
    rows = await tx.fetch(f"{_USERS} where tenant_id = $1 and id = any($2::text[]) order by id", tenant_id, ids)
    boxes = await p.persons.open_many(hall(p)[1], PLATFORM, [row["person_id"] for row in rows])
    return [_known(row, boxes[row["person_id"]]) for row in rows]


_USERS = (
    "select tenant_id, id, person_id, audience, status, language, rights, policy_id, second_factor, verified_at, "
    "must_change_password, email, name from ipp.app_user"
)


def _known(row: asyncpg.Record, box: Box) -> Known:
    return Known(
        tenant_id=row["tenant_id"], user_id=row["id"], audience=Audience(row["audience"]), status=row["status"],
        language=row["language"], rights=tuple(row["rights"]), policy_id=row["policy_id"],
        second_factor=row["second_factor"], verified=row["verified_at"] is not None,
        must_change_password=row["must_change_password"], email=box.open(User.email, row["email"]),
        name=box.open(User.name, row["name"]), box=box,
    )  # fmt: skip


async def note(tx: Tx, p: Platform, whom: Known, what: Happened, arrival: Arrival | None = None) -> None:
    """Write down what happened at somebody's door, for them to see."""
    address = arrival.address.open()[:_ADDRESS] if arrival is not None else ""
    await tx.execute(
        "insert into ipp.sign_in_event (tenant_id, id, user_id, what, created_at, browser, system, address) "
        "values ($1, $2, $3, $4, $5, $6, $7, $8)",
        whom.tenant_id, p.ids.new(), whom.user_id, what.value, p.clock.now(),
        (arrival and arrival.browser) or None, (arrival and arrival.system) or None,
        whom.box.seal(SignInEvent.address, address),
    )  # fmt: skip


async def tell(
    tx: Tx,
    p: Platform,
    whom: Known,
    kind: Kind,
    arrival: Arrival | None = None,
    *,
    to: Secret[str] | None = None,
    told: Mapping[str, str] | None = None,
) -> None:
    """Owe somebody a letter about it. `to`: another address than the one on record; `told`: see `mail.letters.TOLD`."""
    said = dict(told or {})
    if arrival is not None:
        said |= {"where": arrival.address.open()[:_ADDRESS], "device": device_of(arrival)}
    await mail.owe(
        tx, p, box=whom.box, tenant_id=whom.tenant_id, person_id=whom.box.person_id, kind=kind, language=whom.language,
        address=(to or whom.email).open(), told={name: text for name, text in said.items() if text},
    )  # fmt: skip


def device_of(arrival: Arrival) -> str:
    """A browser and its system in words of ours, as far as they are known."""
    return ", ".join(filter(None, (arrival.browser, arrival.system)))


def effective(audience: Audience, stored: tuple[str, ...], of_policy: tuple[str, ...] | None) -> tuple[str, ...]:
    """The rights of a user: their policy's when they have one; of our staff, the purposes of their roles."""
    if audience is Audience.STAFF:
        return tuple(sorted({right for role in stored if role in ROLES for right in ROLES[role].rights}))
    return stored if of_policy is None else of_policy
