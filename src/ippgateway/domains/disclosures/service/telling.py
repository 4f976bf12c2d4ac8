"""Telling the people concerned: a user of ours by letter; a shop about its payers, whom it tells itself."""

from collections.abc import Iterable
from dataclasses import dataclass

import asyncpg

from ippgateway.core.database import Tx
from ippgateway.domains.accounts.rights import ALL
from ippgateway.domains.mail import service as mail
from ippgateway.domains.mail.schemas import Kind
from ippgateway.privacy.catalogue import HAND_OVER
from ippgateway.privacy.declare import MAIN
from ippgateway.privacy.persons import Box, KeyDestroyed
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.reach import Person, attribute
from ippgateway.privacy.zones import PLATFORM

_MOST = 20
"""Users of one shop who are written to."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Letter:
    """A letter to be owed to one user."""

    tenant_id: str
    box: Box
    kind: Kind
    language: str
    address: str
    told: dict[str, str]


async def letters(p: Platform, about: Iterable[Person], *, organisation: str, case_id: str) -> list[Letter]:
    """Who is written to about these people, and what. One whose keys are gone can't be written to."""
    own = {"what": organisation, "link": f"{p.origins.get('console', '')}/account/data"}
    shops = {"what": organisation, "name": case_id}
    found: dict[tuple[str, str], Letter] = {}
    for person in about:
        of_ours = person.controller == PLATFORM
        for row in await _users(p, person, of_ours=of_ours):
            kind, told = (Kind.DISCLOSED, own) if of_ours else (Kind.PAYERS_DISCLOSED, shops)
            letter = await _letter(p, person.rows_of, row, kind, told)
            if letter is not None:
                found[person.rows_of, row["person_id"]] = letter
    return list(found.values())


async def owe(tx: Tx, p: Platform, letter: Letter) -> None:
    """Owe it, in the transaction that says that they are told."""
    await mail.owe(
        tx, p, box=letter.box, tenant_id=letter.tenant_id, person_id=letter.box.person_id, kind=letter.kind,
        language=letter.language, address=letter.address, told=letter.told,
    )  # fmt: skip


async def _users(p: Platform, person: Person, *, of_ours: bool) -> "list[asyncpg.Record]":
    only = "person_id = $2" if of_ours else "audience = 'company' and $2 = any(rights)"
    async with p.db.begin(HAND_OVER, tenants=[person.rows_of]) as tx:
        return await tx.fetch(
            f"select person_id, email, language from ipp.app_user where tenant_id = $1 and {only} "
            f"and status = 'active' order by id limit {_MOST}",
            person.rows_of, person.person_id if of_ours else ALL,
        )  # fmt: skip


async def _letter(p: Platform, tenant_id: str, row: asyncpg.Record, kind: Kind, told: dict[str, str]) -> Letter | None:
    box = await p.persons.open(HAND_OVER, PLATFORM, row["person_id"])
    try:
        address = box.open(attribute(MAIN.tables["ipp.app_user"].c.email), row["email"]).open()
    except KeyDestroyed:
        return None
    return Letter(tenant_id=tenant_id, box=box, kind=kind, language=row["language"], address=address, told=told)
