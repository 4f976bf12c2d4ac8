"""What the payment path needs of a company: its contracts, its name, whose keys."""

from collections.abc import Collection
from dataclasses import dataclass

from ippgateway.core.database import Tx
from ippgateway.domains.companies.acquirers import ACQUIRERS, Acquirer
from ippgateway.domains.companies.errors import CompanyNotFound
from ippgateway.domains.companies.models import Company
from ippgateway.privacy.catalogue import PAYMENT
from ippgateway.privacy.persons import Box
from ippgateway.privacy.platform import Platform


@dataclass(frozen=True, kw_only=True, slots=True)
class Contract:
    """What the payment path needs of a company: its contract with the acquirer, and its name, still sealed."""

    acquirer: Acquirer
    merchant_number: str
    mcc: str
    authorise_as: str
    switched_off: frozenset[str]
    person_id: str
    name: bytes
    payers_contact: bytes | None = None
    """Read for a payer's page alone."""


async def is_live(tx: Tx, *, company_id: str) -> bool:
    """Whether the company takes real money; a sandbox company's payments are all tests. Raises CompanyNotFound."""
    live = await tx.value("select live from ipp.company where id = $1 and status = 'active'", company_id)
    if live is None:
        raise CompanyNotFound
    return bool(live)


async def has_widget(p: Platform, *, company_id: str) -> bool:
    """Whether card fields may stand in the company's own pages: on for tests, off for a new company that takes real
    money, because they make its part of PCI DSS larger. Raises CompanyNotFound."""
    async with p.db.begin(PAYMENT, tenants=[company_id]) as tx:
        on = await tx.value("select widget from ipp.company where id = $1 and status = 'active'", company_id)
    if on is None:
        raise CompanyNotFound
    return bool(on)


async def person_of(tx: Tx, *, company_id: str) -> str:
    """The holder of the company's own key. Raises CompanyNotFound."""
    found = await tx.value("select person_id from ipp.company where id = $1", company_id)
    if found is None:
        raise CompanyNotFound
    return str(found)


async def persons_of(tx: Tx, company_ids: Collection[str]) -> dict[str, str]:
    """The holders of the companies' own keys, of those companies that exist."""
    rows = await tx.fetch("select id, person_id from ipp.company where id = any($1::text[])", list(company_ids))
    return {row["id"]: row["person_id"] for row in rows}


async def contract(
    tx: Tx, *, company_id: str, acquirer_id: str | None = None, closed_too: bool = False, for_payer: bool = False
) -> Contract:
    """The company's contract with its acquirer, for the payment path. Raises CompanyNotFound, also for one that is
    closed or has no contract: nobody can pay it. `acquirer_id`: the one that an earlier message went to; `closed_too`:
    for what is still owed to it; `for_payer`: with what a payer's page says of it."""
    found = await contracts(tx, [company_id], acquirer_id=acquirer_id, closed_too=closed_too, for_payer=for_payer)
    if company_id not in found:
        raise CompanyNotFound
    return found[company_id]


async def contracts(
    tx: Tx,
    company_ids: Collection[str],
    *,
    acquirer_id: str | None = None,
    closed_too: bool = False,
    for_payer: bool = False,
) -> dict[str, Contract]:
    """The contracts of those companies that can be paid. See `contract`."""
    contact = "c.payers_contact" if for_payer else "null::bytea"
    rows = await tx.fetch(
        "select distinct on (c.id) c.id, c.person_id, c.name, c.authorise_as, c.switched_off, a.acquirer_id, "
        f"a.merchant_number, a.mcc, {contact} as payers_contact "
        "from ipp.company c join ipp.company_acquirer a on a.company_id = c.id "
        "where c.id = any($1::text[]) and ($2::text is null or a.acquirer_id = $2) and (c.status = 'active' or $3) "
        "order by c.id, a.acquirer_id",
        company_ids, acquirer_id, closed_too,
    )  # fmt: skip
    return {
        row["id"]: Contract(
            acquirer=ACQUIRERS[row["acquirer_id"]], merchant_number=row["merchant_number"], mcc=row["mcc"],
            authorise_as=row["authorise_as"], switched_off=frozenset(row["switched_off"]),
            person_id=row["person_id"], name=row["name"], payers_contact=row["payers_contact"],
        )
        for row in rows
    }  # fmt: skip


def name_of(box: Box, contract: Contract) -> str:
    """The company's name, opened with its own key."""
    return box.open(Company.name, contract.name).open()


def payers_contact_of(box: Box, contract: Contract) -> str:
    """Where payers reach the company, opened with its own key; empty when it has not said."""
    return box.open(Company.payers_contact, contract.payers_contact).open()
