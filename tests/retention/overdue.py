"""What is kept too long, as somebody writes it down who knows the policy and the tables, and not the program.

Nothing here is read from declarations. `HAND`: for each table that holds something about people, the column (or
expression) that names whom, when a row of it, called `r`, is overdue at the moment `$1`, and the fields that hold
something. `$2`: people whom a hold keeps; `$3`: tenants whom one keeps.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import asyncpg

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

_USERS_PERSON = "(select u.person_id from ipp.app_user u where u.tenant_id = r.tenant_id and u.id = r.user_id)"
_USER_LEFT = "(select u.closed_at from ipp.app_user u where u.tenant_id = r.tenant_id and u.id = r.user_id) < $1"
_SHOP_LEFT = "(select c.closed_at from ipp.company c where c.id = r.company_id)"
_NOBODY = "'nobody'"
_BOOKS = "extract(year from $1 at time zone 'UTC') >= extract(year from r.created_at at time zone 'UTC') + 6"


@dataclass(frozen=True, slots=True)
class Hand:
    """One table, written down."""

    tenant: str
    person: str
    overdue: str
    fields: tuple[str, ...]


HAND: dict[str, Hand] = {
    "payer": Hand(
        "r.company_id", "r.person_id",
        "greatest(r.created_at, (select max(k.created_at) from ipp.checkout k where k.company_id = r.company_id and "
        "k.person_id = r.person_id)) < $1 - interval '540 days'",
        ("email_code", "email", "name"),
    ),
    "checkout": Hand(
        "r.company_id", "r.person_id", "r.created_at < $1 - interval '540 days'",
        ("digest", "cryptogram_digest", "order_id", "notify_url", "accept_url", "extra"),
    ),
    "card": Hand(
        "r.company_id", "r.person_id", "r.created_at < $1 - interval '540 days'",
        ("number", "number_key", "fingerprint", "first6", "last4", "brand", "expiry_month", "expiry_year"),
    ),
    "authentication": Hand(
        "r.company_id", "r.person_id", "r.created_at < $1 - interval '540 days'",
        ("challenge_digest", "transaction_id", "acs_transaction_id", "acs_url", "value", "ds_transaction_id"),
    ),
    "payment": Hand("r.company_id", "r.person_id", _BOOKS, ("order_id", "holder")),
    "payment_action": Hand("r.company_id", "r.person_id", _BOOKS, ("comment",)),
    "notification": Hand("r.company_id", "r.person_id", "r.created_at < $1 - interval '540 days'", ("url",)),
    "idempotent_request": Hand(
        "r.company_id", "r.person_id", "r.created_at < $1 - interval '1 day'", ("key_code", "body_code", "answer")
    ),
    "decline_count": Hand("r.company_id", _NOBODY, "r.began_at < $1 - interval '1 day'", ("network",)),
    "sign_in_failure": Hand(_NOBODY, _NOBODY, "r.at < $1 - interval '1 day'", ("username_code", "place_code", "at")),
    "data_link": Hand(_NOBODY, _NOBODY, "r.ends_at < $1 - interval '1 day'", ("email_code", "digest")),
    "visit": Hand(
        "r.tenant_id", "r.person_id", "r.began_at < $1 - interval '90 days'",
        ("surface", "began_at", "last_at", "requests", "address", "browser", "system"),
    ),
    "visit_page": Hand(
        "r.tenant_id", "r.person_id", "r.at < $1 - interval '90 days'", ("page", "at", "seconds")
    ),
    "company": Hand(
        "r.id", "r.person_id", "r.closed_at < $1", ("key1", "key2", "key1_digest", "key2_digest"),
    ),
    "company_acquirer": Hand(
        "r.company_id", "r.person_id", f"{_SHOP_LEFT} < $1 - interval '540 days'", ("settings",)
    ),
    "company_key": Hand("r.company_id", "r.person_id", f"{_SHOP_LEFT} < $1", ("label", "digest")),
    "partner": Hand(
        "r.id", "r.person_id", "r.closed_at < $1",
        ("name", "meta", "key1", "key2", "merchant_key", "key1_digest", "key2_digest"),
    ),
    "app_user": Hand(
        "r.tenant_id", "r.person_id", "r.closed_at < $1", ("username_code", "email", "name", "phone", "employment")
    ),
    "credential": Hand("r.tenant_id", _USERS_PERSON, _USER_LEFT, ("label", "hash")),
    "second_factor": Hand("r.tenant_id", _USERS_PERSON, _USER_LEFT, ("label", "secret", "credential_id")),
    "recovery_code": Hand("r.tenant_id", _USERS_PERSON, _USER_LEFT, ("digest",)),
    "known_device": Hand("r.tenant_id", _USERS_PERSON, _USER_LEFT, ("digest", "created_at", "seen_at")),
    "acceptance": Hand("r.tenant_id", _USERS_PERSON, _USER_LEFT, ("what", "version")),
    "sign_in_session": Hand(
        "r.tenant_id", _USERS_PERSON, "coalesce(r.ended_at, r.seen_at) < $1 - interval '30 days'",
        ("digest", "created_at", "seen_at", "ended_at", "browser", "system"),
    ),
    "sign_in_event": Hand(
        "r.tenant_id", _USERS_PERSON, "r.created_at < $1 - interval '180 days'",
        ("created_at", "browser", "system", "address"),
    ),
    "ticket": Hand("r.tenant_id", _USERS_PERSON, "r.ends_at < $1 - interval '1 day'", ("told", "digest")),
    "letter": Hand("r.tenant_id", "r.person_id", "r.created_at < $1 - interval '30 days'", ("address", "told")),
    "consent": Hand(
        "r.tenant_id", "r.person_id", "r.created_at < $1 - interval '1826 days'",
        ("said", "purpose", "channel", "how", "who_code", "link_digest"),
    ),
    "disclosure": Hand("r.tenant_id", "r.person_id", "r.at < $1 - interval '1827 days'", ("fields",)),
    "look": Hand("r.tenant_id", "r.person_id", "r.at < $1 - interval '1096 days'", ("shown", "reason")),
    "emergency_access": Hand(
        "r.tenant_id", _USERS_PERSON, "r.began_at < $1 - interval '1096 days'", ("reason", "finding")
    ),
    "data_request": Hand(
        "r.tenant_id", "r.person_id", "r.asked_at < $1 - interval '1096 days'",
        ("statement", "old_value", "new_value", "answer"),
    ),
    "correction": Hand("r.tenant_id", "r.person_id", _BOOKS, ("said",)),
    "data_notice": Hand(
        "r.tenant_id", "r.person_id", "r.created_at < $1 - interval '1096 days'", ("known_by",)
    ),
    "data_reply": Hand("r.tenant_id", "r.person_id", "r.created_at < $1 - interval '180 days'", ("address",)),
    "breach_entry": Hand("r.tenant_id", "r.keys_id", "r.at < $1 - interval '1827 days'", ("contents",)),
    "disclosure_case": Hand(
        "r.tenant_id", "r.asker_id", "r.created_at < $1 - interval '1827 days'", ("contents", "subjects", "export")
    ),
}  # fmt: skip

SHOPS_OWN = (
    "select count(*) from ipp.company r where r.closed_at < $1 - interval '540 days' "
    "and (octet_length(r.name) > 0 or num_nonnulls(r.meta, r.payers_contact) > 0) and not (r.id = any($2::text[]))"
)
"""A shop's name and details end later than its keys."""


async def overdue(
    main: Connection, now: datetime, *, persons: Sequence[str] = (), tenants: Sequence[str] = ()
) -> dict[str, int]:
    """Rows that should have ended, by table, those that a hold keeps left out."""
    found = {}
    for table, hand in HAND.items():
        count = await main.fetchval(
            f"select count(*) from ipp.{table} r where {_asked(hand.overdue)} and ({_something(hand)}) "
            f"and not (coalesce({hand.person}, '') = any($2::text[])) and not ({hand.tenant} = any($3::text[]))",
            now, list(persons), list(tenants),
        )  # fmt: skip
        found[table] = count
    found["company, its name"] = await main.fetchval(_asked(SHOPS_OWN), now, list(tenants))
    return {table: count for table, count in found.items() if count}


async def with_something_left(main: Connection) -> set[str]:
    """Everybody of whom some field is still there."""
    found: set[str] = set()
    for table, hand in HAND.items():
        fields = (*hand.fields, "name", "meta", "payers_contact") if table == "company" else hand.fields
        rows = await main.fetch(
            f"select distinct {hand.person} as person from ipp.{table} r where {_something(hand, fields)}"
        )
        found |= {row["person"] for row in rows}
    return found


def _asked(condition: str) -> str:
    return condition.replace("$1", "$1::timestamptz")


def _something(hand: Hand, fields: tuple[str, ...] | None = None) -> str:
    """That a field holds something: what is emptied is null, a text or octets without length, a zero."""
    return " or ".join(
        f"coalesce(r.{name}::text, '') not in ('', '\\x', '0')" for name in fields or hand.fields
    )  # fmt: skip
