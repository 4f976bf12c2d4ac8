"""Section 9: place."""

import json
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.errors import BadProfile
from ippgateway.domains.accounts.rights import ROLES
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.accounts.service import NewUser
from ippgateway.domains.accounts.service.users import require_new
from ippgateway.privacy import policy
from ippgateway.privacy.catalogue import ACQUIRER, PAYMENT
from ippgateway.privacy.disclosure.places import TOOLS, place_of
from ippgateway.privacy.disclosure.register import KINDS, Entry, Why
from ippgateway.privacy.papers.common import in_places
from ippgateway.privacy.vocabulary import Place
from ippgateway.privacy.zones import PLATFORM, Zone
from ippgateway.promises.checks.handing_over import COUNTRIES, refused, register_of
from ippgateway.promises.context import Context
from ippgateway.promises.finding import CannotCheck, Finding, Surface, judge
from ippgateway.promises.looking import differences
from ippgateway.promises.rules import let_through

# --- PLACE-1 ---

_TERMS = "pay/terms"
_LANGUAGES = ("en", "da")
_PLACE_WORDS = {"EU": ("the EU", "EU"), "US": ("the USA", "USA")}
_NO_TOOL = ("does not replace the protection", "erstatter ikke den beskyttelse")


_AGREEMENTS = ("agreement", "consent", "terms")
_SITE, _SIGN_UP = "site", "sign-up?kind=shop"


async def places_are_shown_and_agreed(context: Context) -> Finding:
    """PLACE-1: before somebody pays or signs up, a page names every place and recipient; the agreement is recorded, and
    carries no transfer."""
    told = policy.for_payers()
    faults = [f"{recipient.key} has no place" for recipient in told.recipients if not recipient.places]
    for number, language in enumerate(_LANGUAGES):
        page = unescape((await context.ask(f"{_TERMS}?lang={language}", None)).text)
        wanted = [getattr(recipient.words, language) for recipient in told.recipients]
        wanted += [_PLACE_WORDS[place][number] for place in told.places]
        wanted += [told.version, _NO_TOOL[number]]
        faults += [f"the page in {language} does not say: {words}" for words in wanted if words not in page]
    faults += await _not_told_to_users(context)
    faults += [f"the register counts {tool} as what carries a transfer"
               for tool in (*_AGREEMENTS, told.version) if tool in TOOLS or _carried_by(context, tool)]  # fmt: skip
    agreed, current, untimed = await _agreements(context, told.version)
    faults += [f"{untimed} agreements have no time"] if untimed else []
    return judge(
        faults=faults,
        proof=f"the payment page names {len(told.recipients)} recipients and {len(told.places)} places from the "
        f"declarations, with the version {told.version}, and says that agreeing is no transfer tool, which the "
        "register bears out; whoever signs up is led to a page that names theirs; "
        f"{agreed} payers' agreements are recorded with version and time, {current} of them to this version",
        missing="the agreement of payers in a shop that hides our line",
        surfaces=(Surface.DECLARATIONS, Surface.PAYMENTS, Surface.CONSOLES, Surface.MAIN_DATABASE),
    )


async def _not_told_to_users(context: Context) -> list[str]:
    """What the policy does not say of who receives users' data and where, or that nobody who signs up is led to it."""
    receiving = {each.key: each for kept in policy.kept_about(policy.People.USERS) for each in kept.recipients}
    faults = []
    for language in _LANGUAGES:
        page = unescape((await context.ask(f"{language}/privacy", None, _SITE)).text)
        wanted = [getattr(each.words, language) for each in receiving.values()]
        wanted += [getattr(in_places(each.places), language) for each in receiving.values()]
        faults += [f"the policy in {language} does not say: {words}" for words in wanted if words not in page]
    form = await context.ask(_SIGN_UP, None, "console")
    return faults + ([] if '/privacy"' in form.text else ["whoever signs up is not led to the policy"])


def _carried_by(context: Context, tool: str) -> bool:
    """Whether an acquirer beyond the EEA would be handed something on the strength of this."""
    return refused(context, _beyond(context, tool=tool, measures="made up"), ACQUIRER, PAYMENT, frozenset()) is None


async def _agreements(context: Context, version: str) -> tuple[int, int, int]:
    async with context.under(Zone.PAY, PAYMENT, tenants=await context.tenants()) as tx:
        row = await tx.fetchrow(
            "select count(*) as agreed, count(*) filter (where policy_version = $1) as current, "
            "count(*) filter (where agreed_at is null) as untimed from ipp.checkout where policy_version is not null",
            version,
        )
    if row is None:
        raise CannotCheck("the agreements could not be counted")
    return row["agreed"], row["current"], row["untimed"]


# --- PLACE-2 ---

_YEAR = timedelta(days=365)


def _beyond(context: Context, *, kind: str = ACQUIRER.key, place: str = "US", tool: str, measures: str) -> Entry:
    return Entry(
        id="made-up-0000", kind=kind, name="made up", place=place, purposes=(PAYMENT.key,), categories=(),
        contract="made up", transfer_tool=tool, measures=measures, valid_from=context.clock.now() - _YEAR,
    )  # fmt: skip


async def transfers_have_their_tool(context: Context) -> Finding:
    """PLACE-2: beyond the EEA nothing is handed over without a recorded transfer tool and extra measures; staff there
    would be a transfer as well, and are not taken on."""
    now = context.clock.now()
    entries = [each for each in await register_of(context) if each.in_force(now)]
    beyond = [each for each in entries if place_of(each.place) is not Place.EU]
    bare = [each for each in beyond if each.transfer_tool not in TOOLS or not each.measures]
    tried = list(_passing_without(context))
    faults = [
        *(fault for _, fault in tried if fault),
        *await _entered_without(context),
        *([f"{len(bare)} recipients beyond the EEA are in force without a tool or measures"] if bare else []),
        *(f"staff {words} are taken on" for words, employment in _STAFF.items() if _taken_on(employment)),
        *await differences(context),
    ]
    return judge(
        faults=faults,
        proof=f"{len(tried)} invented recipients beyond the EEA, of every kind that may be there, were refused without "
        "a transfer tool, with an unknown one or without measures, and let pass with both; the register's table takes "
        f"none such either; {len(beyond)} of {len(entries)} recipients in force are beyond the EEA, each with its tool "
        "and measures; nobody is taken on as staff beyond it",
        surfaces=(Surface.DECLARATIONS, Surface.MAIN_DATABASE),
    )


def _passing_without(context: Context) -> Iterator[tuple[str, str]]:
    """Each recipient that was tried, and what is wrong with the answer."""
    for kind in KINDS.values():
        for country, place in COUNTRIES.items():
            if place is Place.EU or place not in kind.places:
                continue
            for tool, measures in (("", ""), ("", "made up"), ("made up", "made up"), ("clauses", "")):
                entry = _beyond(context, kind=kind.key, place=country, tool=tool, measures=measures)
                why = refused(context, entry, kind, PAYMENT, frozenset())
                yield kind.key, "" if why is Why.NO_TOOL else f"{kind.key} in {country} passes without its tool"
            whole = _beyond(context, kind=kind.key, place=country, tool="clauses", measures="made up")
            why = refused(context, whole, kind, PAYMENT, frozenset())
            yield kind.key, f"{kind.key} in {country} is refused with tool and measures" if why else ""


async def _entered_without(context: Context) -> list[str]:
    """What the tables of recipients would take."""
    moment = "2030-06-01T00:00:00Z"
    abroad = {"place": "US", "transfer_tool": "clauses", "measures": "made up", "valid_from": moment, "valid_to": None}
    return await let_through(context, Zone.DESK, "recipient", abroad, {
        "a recipient beyond the EEA without a tool": {"transfer_tool": ""},
        "a recipient beyond the EEA without measures": {"measures": ""},
        "a recipient beyond the EEA with no word of either": {"transfer_tool": "", "measures": ""},
        "a recipient in no place": {"place": None},
        "an entry that ends before it begins": {"valid_to": moment},
    })  # fmt: skip


_STAFF = {
    "in a country beyond the EEA": json.dumps({"employer": "made up", "country": "US"}),
    "in no country": json.dumps({"employer": "made up", "country": ""}),
    "of no employer": json.dumps({"employer": "", "country": "DK"}),
    "of whom nothing is said": "",
}


def _taken_on(employment: str) -> bool:
    try:
        require_new(NewUser(
            audience=Audience.STAFF, tenant_id=PLATFORM, email="made-up@promise.example", name="made up",
            password=Secret("made up"), rights=(next(iter(ROLES)),), employment=employment,
        ))  # fmt: skip
    except BadProfile as why:
        return why.field not in ("employment", "country")
    return True
