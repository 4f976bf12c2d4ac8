"""By which numbers whoever got something knows it: the acquirer by its message, the card scheme's server by its
transaction, the shop by its payment. What an erasure has emptied is known by our own number alone."""

from collections.abc import Mapping, Sequence

from ippgateway.privacy.catalogue import OWN_DATA
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.reach import Person

_ACTIONS = (
    "select id, rrn, terminal, stan, sent_at from ipp.payment_action "
    "where company_id = $1 and person_id = $2 and id = any($3::text[])"
)
_AUTHENTICATIONS = (
    "select id, transaction_id, ds_transaction_id from ipp.authentication "
    "where company_id = $1 and person_id = $2 and id = any($3::text[])"
)
_NOTIFICATIONS = (
    "select id, payment_id from ipp.notification where company_id = $1 and person_id = $2 and id = any($3::text[])"
)


async def references(p: Platform, person: Person, ids: Sequence[str]) -> Mapping[str, str]:
    """By their ids, the numbers of rows that were handed over about a payer. Field numbers are ISO 8583's."""
    asked = (person.rows_of, person.person_id, list(ids))
    async with p.db.begin(OWN_DATA, tenants=[person.rows_of]) as tx:
        sent = await tx.fetch(_ACTIONS, *asked)
        checked = await tx.fetch(_AUTHENTICATIONS, *asked)
        told = await tx.fetch(_NOTIFICATIONS, *asked)
    return {
        **{row["id"]: f"RRN (37) {row['rrn']}, terminal (41) {row['terminal']}, STAN (11) {row['stan']}, "
                      f"{row['sent_at']:%Y-%m-%d}" for row in sent},
        **{row["id"]: ", ".join(filter(None, (_named("3DS Server Transaction ID", row["transaction_id"]),
                                              _named("DS Transaction ID", row["ds_transaction_id"])))) or row["id"]
           for row in checked},
        **{row["id"]: f"transaction_id {row['payment_id']}" for row in told},
    }  # fmt: skip


def _named(name: str, value: str | None) -> str:
    return f"{name} {value}" if value else ""
