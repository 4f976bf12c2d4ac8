"""Section 7, BASIS-5 and BASIS-6: duties by statute, and what authorities ask for."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from ippgateway.domains.disclosures.kinds import GROUND, KINDS
from ippgateway.privacy.catalogue import AUTHORITY, BY_LAW, DISCLOSURE, HAND_OVER, INVESTIGATOR, REGULATOR
from ippgateway.privacy.rights import reach
from ippgateway.privacy.vocabulary import Basis, Term
from ippgateway.privacy.zones import PLATFORM, PURPOSES, RIGHTS, Zone
from ippgateway.promises.context import Context
from ippgateway.promises.finding import Finding, Surface, judge
from ippgateway.promises.looking import fields, in_one_line, not_demanded, text_of

_POLICY, _LANGUAGES = "privacy", ("en", "da")
_LED_ON, _SIGN_IN = 303, "/sign-in"

# --- BASIS-5 ---

_BY_STATUTE = (REGULATOR, AUTHORITY, BY_LAW)
_SOME_MOMENT = datetime(2026, 3, 1, tzinfo=UTC)


async def duties_name_their_statute(context: Context) -> Finding:
    """BASIS-5: what is kept because a law asks for it names that law, where people read it, and ends with the years
    that the law counts; no report to an authority is entered without its paragraph."""
    staying = [field for field in fields(context) if field.said.stays]
    faults = [f"{field} is kept by law, and no law is named" for field in staying
              if field.said.keep is None or not field.said.keep.statute]  # fmt: skip
    terms = {field.said.keep for field in fields(context) if field.said.keep is not None and field.said.keep.statute}
    faults += _counted_otherwise(terms)
    for language in _LANGUAGES:
        page = text_of(await context.ask(f"{language}/{_POLICY}", None, "site"))
        faults += [f"the policy in {language} does not name {term.statute}" for term in terms
                   if in_one_line(term.statute) not in page]  # fmt: skip
    reports = [kind for kind in KINDS.values() if kind.recipient in _BY_STATUTE]
    faults += [f"a case of the kind {kind.key} needs no legal basis" for kind in reports if GROUND not in kind.needed]
    duties = [purpose for purpose in PURPOSES if purpose.basis is Basis.LEGAL_OBLIGATION]
    return judge(
        faults=faults,
        proof=f"{len(staying)} fields are kept because a law asks for it, and {len(terms)} terms name their law or "
        f"standard in the policy, in both languages; {len(reports)} kinds of reports and requests can't be entered "
        "without the paragraph that asks for them",
        missing=f"the article or statute beside each of the {len(duties)} purposes that rest on a duty by law, and "
        "reports that fall due by themselves",
        surfaces=(Surface.DECLARATIONS, Surface.SITE),
    )


def _counted_otherwise(terms: Iterable[Term]) -> list[str]:
    """Terms in financial years that don't end with one, so many years after the one of the record."""
    return [
        f"{term.key} does not end with its {term.financial_years}th financial year"
        for term in terms
        if term.financial_years
        and reach.ends_on(term, _SOME_MOMENT) != date(_SOME_MOMENT.year + term.financial_years, 12, 31)
    ]


# --- BASIS-6 ---

_ASKING = (AUTHORITY, INVESTIGATOR)
_CONTENTS = {"authority": {"who", "instrument", "ground", "scope", "verified"}, "crime": {"who", "ground", "police"}}
_DEMANDED = (
    "first_by <> requested_by and second_by <> requested_by and first_by <> second_by",
    "state = any (array['OPEN', 'REFUSED']) or first_by is not null and second_by is not null",
)
_TOLD_WITHIN = timedelta(minutes=15)


async def authorities_get_what_two_approve(context: Context) -> Finding:
    """BASIS-6: what an authority asks for is a case with its instrument, ground and scope, which two people approve who
    did not enter it; whoever decides can't read the data, and whoever reads it can't decide."""
    faults = [f"a case of the kind {key} needs no {content}" for key, wanted in _CONTENTS.items()
              for content in sorted(wanted - {each.key for each in KINDS[key].needed})]  # fmt: skip
    faults += [f"{kind.key} lets data be erased meanwhile" for kind in KINDS.values()
               if kind.recipient in _ASKING and not kind.holds]  # fmt: skip
    faults += [f"zone {zone.value} decides and puts together" for zone, rights in RIGHTS.items()
               if {DISCLOSURE, HAND_OVER} <= rights.purposes]  # fmt: skip
    faults += await not_demanded(context, Zone.DESK, "disclosure_case", _DEMANDED)
    answer = await context.ask("disclosures", None, "desk")
    if answer.status != _LED_ON or not answer.headers.get("location", "").startswith(_SIGN_IN):
        faults.append(f"the desk's page of cases answers a stranger with {answer.status}")
    untold = await _untold(context)
    faults += [f"of {untold} cases nobody was told, though it is allowed"] if untold else []
    return judge(
        faults=faults,
        proof="a request names the instrument, its ground and its scope and keeps what it is about from being erased; "
        "the database itself demands two people's yes, neither of them whoever entered it; the process that decides "
        "can't put anything together, and the one that does can't decide; "
        "whoever may be told of a request was told",
        surfaces=(Surface.DECLARATIONS, Surface.DESK, Surface.MAIN_DATABASE),
    )


async def _untold(context: Context) -> int:
    """Requests of authorities and about crimes of which nobody was told in time. How many there are at all, the public
    page doesn't say: that could be what nobody may be told."""
    now = context.clock.now()
    async with context.under(Zone.DESK, DISCLOSURE, tenants=[PLATFORM]) as tx:
        found = await tx.fetchval(
            "select count(*) filter (where state = 'DONE' and ended_at < $2 and told_at is null "
            "  and not silent and (silent_until is null or silent_until < $3::date - 1)) as untold "
            "from ipp.disclosure_case where kind = any ($1::text[])",
            list(_CONTENTS), now - _TOLD_WITHIN, now.date(),
        )  # fmt: skip
    return int(found)
