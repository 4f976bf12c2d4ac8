"""What a payer reads, in English and Danish, each written as an original. The script's words are these as well."""

from collections.abc import Iterable, Mapping

from ippgateway.faces.pages.language import Language
from ippgateway.privacy.vocabulary import Place, Words

# --- beside a field ---

ERRORS: Mapping[str, Words] = {
    "holder": Words(en="Write the name as it stands on the card.", da="Skriv navnet, som det står på kortet."),
    "number": Words(
        en="The number is not right yet. Compare it with the card.",
        da="Nummeret er ikke rigtigt endnu. Sammenlign det med kortet.",
    ),
    "expiry": Words(en="Write month and year, such as 04/30.", da="Skriv måned og år, for eksempel 04/30."),
    "expired": Words(en="This date has passed. Use a newer card.", da="Datoen er passeret. Brug et nyere kort."),
    "code": Words(
        en="The code has three digits, four on American Express.",
        da="Koden har tre cifre, fire på American Express.",
    ),
}

# --- when the bank says no ---

_SAYS_NO = Words(
    en="Your bank declined the payment and does not say why.",
    da="Din bank afviste betalingen og siger ikke hvorfor.",
)
_UNKNOWN_CARD = Words(
    en="The bank does not know this card. Check the number.", da="Banken kender ikke kortet. Tjek nummeret."
)
_NOT_CONFIRMED = Words(
    en="Your bank wants you to confirm the payment, and that did not happen.",
    da="Din bank vil have dig til at bekræfte betalingen, og det skete ikke.",
)
_NOT_REACHED = Words(
    en="The shop's bank could not be reached.", da="Butikkens bank kunne ikke nås.",
)  # fmt: skip
REASONS: Mapping[str, Words] = {
    "": _SAYS_NO,
    "insufficient_funds": Words(
        en="There is not enough money on the card for this.", da="Der er ikke penge nok på kortet til dette køb."
    ),
    "limit_exceeded": Words(en="The card's spending limit is reached.", da="Kortets beløbsgrænse er nået."),
    "expired_card": Words(en="The card has expired.", da="Kortet er udløbet."),
    "invalid_card": _UNKNOWN_CARD,
    "no_such_account": _UNKNOWN_CARD,
    "closed_account": _UNKNOWN_CARD,
    "security_code": Words(
        en="The security code does not belong to this card.", da="Kontrolkoden hører ikke til kortet."
    ),
    "not_permitted": Words(
        en="This card can't be used for a payment like this.", da="Kortet kan ikke bruges til sådan en betaling."
    ),
    "authentication_failed": Words(
        en="Your bank did not confirm that it is you who is paying.",
        da="Din bank bekræftede ikke, at det er dig, der betaler.",
    ),
    "authentication_unavailable": Words(
        en="Your bank could not be asked whether it is you who is paying.",
        da="Din bank kunne ikke spørges, om det er dig, der betaler.",
    ),
    "authentication_timed_out": Words(
        en="The time for confirming the payment at your bank ran out.",
        da="Tiden til at bekræfte betalingen hos din bank løb ud.",
    ),
    "authentication_required": _NOT_CONFIRMED,
    "three_ds_required": _NOT_CONFIRMED,
    "3-D Secure required": _NOT_CONFIRMED,  # the wire's own words for the one above
    "no_answer": Words(
        en="The bank did not answer in time. What it may have set aside was released.",
        da="Banken svarede ikke i tide. Hvad den måtte have sat til side, er frigivet.",
    ),
    "acquirer_unreachable": _NOT_REACHED,
    "merchant_setup": _NOT_REACHED,
}
"""By the reason of a decline; every other reason is told like the empty one, so that a thief learns nothing."""

NOTHING_CHARGED = Words(
    en="Nothing was charged. Try again, or use another card.",
    da="Der er ikke trukket noget. Prøv igen, eller brug et andet kort.",
)

# --- while it runs ---

PROGRESS: Mapping[str, Words] = {
    "asking": Words(en="Asking your bank …", da="Spørger din bank …"),
    "paying": Words(en="Paying …", da="Betaler …"),
    "confirm": Words(en="Your bank wants you to confirm.", da="Din bank vil have dig til at bekræfte."),
    "waiting": Words(
        en="The bank has not answered yet. Wait here; do not pay again.",
        da="Banken har ikke svaret endnu. Vent her, og betal ikke igen.",
    ),
    "paid": Words(en="Paid. Going back to the shop …", da="Betalt. Går tilbage til butikken …"),
    "offline": Words(
        en="The connection broke. You are never charged twice: press the button again to see how it went.",
        da="Forbindelsen røg. Du betaler aldrig to gange: Tryk på knappen igen for at se, hvordan det gik.",
    ),
    "gone": Words(
        en="This payment can no longer be made. Whether it was paid can't be told here: ask the shop before you pay "
        "again.",
        da="Denne betaling kan ikke længere gennemføres. Om den er betalt, kan ikke ses her: Spørg butikken, før du "
        "betaler igen.",
    ),
    "already": Words(en="This is paid. You are not charged again.", da="Det er betalt. Du betaler ikke igen."),
    "too_many": Words(
        en="Too many cards were declined, here or from the same network. Nothing was charged. Go back to the shop and "
        "begin again; if it still says so, wait a quarter of an hour or pay in another way.",
        da="For mange kort er afvist, her eller fra samme netværk. Der er ikke trukket noget. Gå tilbage til butikken, "
        "og begynd forfra; står det her stadig, så vent et kvarter eller betal på en anden måde.",
    ),
    "failed": Words(
        en="Something went wrong on our side. You are never charged twice: press the button again to see how it went.",
        da="Noget gik galt hos os. Du betaler aldrig to gange: Tryk på knappen igen for at se, hvordan det gik.",
    ),
}

# --- labels ---

HOLDER = Words(en="Name on the card", da="Navn på kortet")
NUMBER = Words(en="Card number", da="Kortnummer")
EXPIRY = Words(en="Expires (MM/YY)", da="Udløber (MM/ÅÅ)")
MONTH = Words(en="Month", da="Måned")
YEAR = Words(en="Year", da="År")
CODE = Words(en="Security code", da="Kontrolkode")
PAY = Words(en="Pay", da="Betal")
FRAME = Words(en="Confirmation at your bank", da="Bekræftelse hos din bank")
AGREE = Words(
    en="When you pay, you agree that your data may be handled outside your own country, in",
    da="Når du betaler, accepterer du, at dine oplysninger kan blive behandlet uden for dit eget land, i",
)
WHO = Words(en="Who sees your card", da="Hvem ser dit kort")
TO_WHOM = Words(en="By whom, and for how long", da="Af hvem og hvor længe")
ELSEWHERE = Words(
    en="Pay on the secure payment page", da="Betal på den sikre betalingsside"
)  # the widget is switched off; the button leads to the hosted page
OTHER = Words(en="Use another card", da="Brug et andet kort")
STANDS = Words(en="See how it stands", da="Se, hvordan det står")

PLACES: Mapping[Place, Words] = {
    Place.EU: Words(en="the EU", da="EU"),
    Place.US: Words(en="the USA", da="USA"),
    Place.ELSEWHERE: Words(en="other countries", da="andre lande"),
}

_LABELS = {
    "holder": HOLDER, "number": NUMBER, "expiry": EXPIRY, "month": MONTH, "year": YEAR, "code": CODE, "pay": PAY,
    "frame": FRAME, "agree": AGREE, "who": TO_WHOM, "elsewhere": ELSEWHERE, "stands": STANDS, "other": OTHER,
    "nothing": NOTHING_CHARGED,
}  # fmt: skip


def listed(words: list[str], language: Language) -> str:
    """`a, b and c`."""
    last = {Language.EN: " and ", Language.DA: " og "}[language]
    return last.join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def in_places(places: Iterable[Place], language: Language) -> str:
    """`the EU and the USA`, in the order of the catalogue."""
    return listed([getattr(PLACES[place], language.value) for place in sorted(places, key=list(Place).index)], language)


def for_script(places: tuple[Place, ...]) -> dict[str, dict[str, object]]:
    """All that the script says, by language: labels, errors, reasons, progress, and the places."""
    return {
        language.value: {
            "label": _in(_LABELS, language), "error": _in(ERRORS, language), "reason": _in(REASONS, language),
            "progress": _in(PROGRESS, language),
            "places": in_places(places, language),
        }
        for language in Language
    }  # fmt: skip


def _in(words: Mapping[str, Words], language: Language) -> dict[str, str]:
    return {key: getattr(each, language.value) for key, each in words.items()}
