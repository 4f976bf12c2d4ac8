"""Section 9: place."""

from html import unescape

from ippgateway.privacy import policy
from ippgateway.privacy.catalogue import PAYMENT
from ippgateway.privacy.zones import Zone
from ippgateway.promises.context import Context
from ippgateway.promises.finding import CannotCheck, Finding, Surface, judge

_TERMS = "pay/terms"
_LANGUAGES = ("en", "da")
_PLACE_WORDS = {"EU": ("the EU", "EU"), "US": ("the USA", "USA")}
_NO_TOOL = ("does not replace the protection", "erstatter ikke den beskyttelse")


async def places_are_shown_and_agreed(context: Context) -> Finding:
    """PLACE-1: before somebody pays, the page names every place and recipient; the agreement is recorded."""
    told = policy.for_payers()
    faults = [f"{recipient.key} has no place" for recipient in told.recipients if not recipient.places]
    for number, language in enumerate(_LANGUAGES):
        page = unescape((await context.ask(f"{_TERMS}?lang={language}", None)).text)
        wanted = [getattr(recipient.words, language) for recipient in told.recipients]
        wanted += [_PLACE_WORDS[place][number] for place in told.places]
        wanted += [told.version, _NO_TOOL[number]]
        faults += [f"the page in {language} does not say: {words}" for words in wanted if words not in page]
    agreed, current, untimed = await _agreements(context, told.version)
    faults += [f"{untimed} agreements have no time"] if untimed else []
    return judge(
        faults=faults,
        proof=f"the payment page names {len(told.recipients)} recipients and {len(told.places)} places from the "
        f"declarations, with the version {told.version}, and says that agreeing is no transfer tool; {agreed} payers' "
        f"agreements are recorded with version and time, {current} of them to this version",
        missing="the agreement of customers, partners and visitors, and of payers in a shop that hides our line",
        surfaces=(Surface.DECLARATIONS, Surface.PAYMENTS, Surface.MAIN_DATABASE),
    )


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
