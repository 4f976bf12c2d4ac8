"""Section 4, CUST-8, and section 8, DISC-2: one gate for every hand-over, and whom it opens to."""

from dataclasses import replace
from datetime import timedelta

from ippgateway.privacy.catalogue import (
    ACQUIRER,
    ANALYTICS_PROVIDER,
    CARD_NUMBER,
    DIRECTORY_SERVER,
    DISCLOSURE,
    EMAIL,
    FREE_TEXT,
    HOSTING_PROVIDER,
    MAIL,
    MAIL_PROVIDER,
    NEWS,
    NOTIFY,
    PAYMENT,
    RECRUITMENT_PROVIDER,
    SECURITY_PROVIDER,
    SUBSCRIPTION_PROVIDER,
    SUPPORT_PROVIDER,
)
from ippgateway.privacy.disclosure.register import (
    KINDS,
    Entry,
    NotHandedOver,
    Register,
    Why,
    declared_for,
    needs_consent,
)
from ippgateway.privacy.vocabulary import Category, Place, Purpose, Recipient
from ippgateway.privacy.zones import Zone
from ippgateway.promises.checks import shut
from ippgateway.promises.context import Context
from ippgateway.promises.finding import CannotCheck, Finding, Surface, judge
from ippgateway.promises.looking import differences, everybody

_YEAR = timedelta(days=365)
COUNTRIES = {"DK": Place.EU, "NO": Place.EU, "US": Place.US, "IN": Place.ELSEWHERE}
"""A country for each place, and one of the EEA that is not in the EU."""

# --- CUST-8 ---


async def everything_leaves_through_one_gate(context: Context) -> Finding:
    """CUST-8: a process of ours can call nobody but through the gate, which asks the register about purpose, fields,
    recipient and place; what was handed over is on record."""
    entries = await register_of(context)
    recorded, missing_records = await _unrecorded(context)
    ways = shut.ways_out(context)
    answer = await context.ask("health/ready", None)
    faults = [
        *shut.past_the_gate(ways),
        *shut.unguarded(context),
        *await shut.let_out(context),
        *([] if answer.body.get("parts", {}).get("guard") else ["the payment process says of no guard that it stands"]),
        *_admitted_wrongly(context),
        *_never_admitted(context, entries),
        *missing_records,
        *await differences(context),
    ]
    in_force = [each for each in entries if each.in_force(context.clock.now())]
    return judge(
        faults=faults,
        proof=f"a process under the guard tried {len(shut.ATTEMPTS)} ways past the gate and was refused each; every "
        f"zone's is shut so before it serves; the gate asks the register before each of its {len(ways)} ways, which "
        "refused whoever it does not know, is not in force, or would get it for another purpose, with other fields, "
        f"in another place or without a yes; {len(in_force)} recipients are in force; of {recorded} letters, calls to "
        "shops and approvals of acquirers each has its line of who got what",
        surfaces=(Surface.DECLARATIONS, Surface.MAIN_DATABASE, Surface.PAYMENTS, Surface.ACQUIRER),
    )


def _made_up(context: Context, **other: object) -> Entry:
    """A mail provider in Denmark that may have letters."""
    entry = Entry(
        id="made-up-0000", kind=MAIL_PROVIDER.key, name="made up", place="DK", purposes=(MAIL.key, NEWS.key),
        categories=tuple(sorted(each.key for each in declared_for(MAIL_PROVIDER))), contract="made up",
        valid_from=context.clock.now() - _YEAR,
    )  # fmt: skip
    return replace(entry, **other)  # type: ignore[arg-type]


_LETTER = frozenset({EMAIL, FREE_TEXT})


def refused(context: Context, entry: Entry, kind: Recipient, purpose: Purpose, what: frozenset[Category]) -> Why | None:
    """What the register answers when this is to be handed to that kind of recipient; None when it lets it pass."""
    try:
        Register([entry]).admit(kind, purpose, what, context.clock.now())
    except NotHandedOver as shut:
        return shut.why
    return None


def _admitted_wrongly(context: Context) -> list[str]:
    """What the register lets pass though it should not."""
    now, entry = context.clock.now(), _made_up(context)
    tried = (
        ("whoever is registered and may have it", None, entry, MAIL_PROVIDER, MAIL, _LETTER),
        ("somebody whom it does not know", Why.NOT_REGISTERED, entry, HOSTING_PROVIDER, MAIL, _LETTER),
        ("whoever is not in force yet", Why.NOT_IN_FORCE, replace(entry, valid_from=now + _YEAR), MAIL_PROVIDER, MAIL,
         _LETTER),
        ("whoever is no longer in force", Why.NOT_IN_FORCE, replace(entry, valid_to=now), MAIL_PROVIDER, MAIL, _LETTER),
        ("another purpose", Why.PURPOSE, entry, MAIL_PROVIDER, PAYMENT, _LETTER),
        ("a field that its entry does not name", Why.FIELDS, replace(entry, categories=(EMAIL.key,)), MAIL_PROVIDER,
         MAIL, _LETTER),
        ("a field that its kind may not have", Why.FIELDS,
         replace(entry, categories=(*entry.categories, CARD_NUMBER.key)), MAIL_PROVIDER, MAIL,
         frozenset({CARD_NUMBER})),
        ("another place", Why.PLACE, replace(entry, place="US", transfer_tool="clauses", measures="made up"),
         MAIL_PROVIDER, MAIL, _LETTER),
    )  # fmt: skip
    faults = [
        f"the register answers {found.value if found else 'yes'} about {words}"
        for words, wanted, made, kind, purpose, what in tried
        if (found := refused(context, made, kind, purpose, what)) is not wanted
    ]
    for purpose, what in ((NEWS, _LETTER), (MAIL, frozenset({CARD_NUMBER}))):
        if not needs_consent(MAIL_PROVIDER, purpose, what):
            faults.append("news, or a card number beyond a payment, needs nobody's yes")
    return faults


async def register_of(context: Context) -> list[Entry]:
    """The register as it is, ended entries too."""
    async with context.under(Zone.DESK, DISCLOSURE) as tx:
        rows = await tx.fetch(
            "select id, kind, name, place, purposes, categories, contract, transfer_tool, measures, valid_from, "
            "valid_to, created_at from ipp.recipient order by id"
        )
    return [
        Entry(**{**dict(row), "purposes": tuple(row["purposes"]), "categories": tuple(row["categories"])})
        for row in rows
    ]


def _never_admitted(context: Context, entries: list[Entry]) -> list[str]:
    """Entries in force with a purpose or a field that the gate would refuse: nobody should have entered them."""
    now = context.clock.now()
    odd = [
        each for each in entries if each.in_force(now)
        and (not each.purposes or any(each.refusal(_Named(key), _named(each), now) for key in each.purposes))
    ]  # fmt: skip
    return [f"{len(odd)} recipients are in force for what the gate refuses them"] if odd else []


class _Named:
    """A purpose by its key."""

    def __init__(self, key: str) -> None:
        self.key = key


def _named(entry: Entry) -> list[Category]:
    known = {each.key: each for each in declared_for(KINDS[entry.kind])} if entry.kind in KINDS else {}
    return [known[key] for key in entry.categories if key in known]


_HANDED = (
    ("letters", Zone.WORKER, MAIL, "letter", "tenant_id", "sent_at", "state = 'SENT'", "mail_provider"),
    ("calls to shops", Zone.WORKER, NOTIFY, "notification", "company_id", "last_at", "state = 'DELIVERED'", "shop"),
    ("approvals of acquirers", Zone.PAY, PAYMENT, "payment_action", "company_id", "settled_at",
     "result = 'ACK' and response_code <> ''", "acquirer"),  # a refusal may be one that was remembered: nothing left
)  # fmt: skip
"""What certainly left: in words, who sees it, table, tenant, moment, condition, and the recipient's kind."""


async def _unrecorded(context: Context) -> tuple[int, list[str]]:
    """How many hand-overs there were since the register stands, and those without a record."""
    tenants = [*await context.tenants(), *await everybody(context)]
    count, faults = 0, []
    for words, zone, purpose, table, tenant, at, left, kind in _HANDED:
        async with context.under(zone, purpose, tenants=tenants) as tx:
            row = await tx.fetchrow(
                f"select count(*) as all, count(*) filter (where not exists (select from ipp.disclosure d where "
                f"d.tenant_id = t.{tenant} and d.person_id = t.person_id and d.subject_id = t.id)) as unrecorded "
                f"from ipp.{table} t where {left} and t.{tenant} = any($2::text[]) "
                f"and t.{at} > (select min(created_at) from ipp.recipient where kind = $1)",
                kind, tenants,
            )  # fmt: skip
        if row is None:
            raise CannotCheck("the hand-overs could not be counted")
        count += row["all"]
        faults += [f"{row['unrecorded']} {words} have no record of who got them"] if row["unrecorded"] else []
    return count, faults


# --- DISC-2 ---

_EU, _EU_OR_US = frozenset({Place.EU}), frozenset({Place.EU, Place.US})
_PROMISED: tuple[tuple[Recipient, frozenset[Place]], ...] = (
    (HOSTING_PROVIDER, _EU), (SUPPORT_PROVIDER, _EU), (RECRUITMENT_PROVIDER, _EU), (ANALYTICS_PROVIDER, _EU),
    (SECURITY_PROVIDER, _EU), (SUBSCRIPTION_PROVIDER, _EU), (MAIL_PROVIDER, _EU), (ACQUIRER, _EU_OR_US),
    (DIRECTORY_SERVER, _EU_OR_US),
)  # fmt: skip


async def processors_are_where_they_may_be(context: Context) -> Finding:
    """DISC-2: each kind of processor that the policy names has its places, and the register refuses all others."""
    faults, tries = [], 0
    for kind, places in _PROMISED:
        known = KINDS.get(kind.key)
        if known is None:
            faults.append(f"the register knows no {kind.key}")
            continue
        if known.places != places:
            faults.append(f"{kind.key} may be in {', '.join(sorted(known.places))}")
        for country, place in COUNTRIES.items():
            tries += 1
            entry = Entry(
                id="made-up-0000", kind=kind.key, name="made up", place=country, purposes=(PAYMENT.key,), categories=(),
                contract="made up", transfer_tool="clauses", measures="made up",
                valid_from=context.clock.now() - _YEAR,
            )  # fmt: skip
            why = refused(context, entry, known, PAYMENT, frozenset())
            if (why is Why.PLACE) is (place in places):
                faults.append(f"a {kind.key} in {country} is {'refused' if why else 'let pass'}")
    now = context.clock.now()
    entries = [each for each in await register_of(context) if each.in_force(now)]
    wrong = [each for each in entries if each.refusal(_Named(next(iter(each.purposes), "")), (), now) is Why.PLACE]
    faults += [f"{len(wrong)} recipients in force are in places where their kind may not be"] if wrong else []
    helping = sum(each.kind in {kind.key for kind, _ in _PROMISED} for each in entries)
    return judge(
        faults=[*faults, *await differences(context)],
        proof=f"{len(_PROMISED)} kinds of processors have the places of the policy; of {tries} invented ones in and "
        f"out of those places each was let pass or refused as promised; {helping} processors are in force in the "
        "register, each in a place where it may be",
        surfaces=(Surface.DECLARATIONS, Surface.MAIN_DATABASE),
    )
