"""Why a card was declined, as a shop is told: what happened, and what helps."""

from ippgateway.privacy.vocabulary import Words

_OTHER = Words(en="the card's bank said no without a reason", da="kortets bank sagde nej uden at sige hvorfor")
_GONE = Words(
    en="the bank does not take this card any more; trying it again will not help",
    da="banken tager ikke længere imod kortet; det hjælper ikke at prøve igen",
)
_SETUP = Words(
    en="something about the agreement with the acquirer is not right; write to us",
    da="der er noget galt med aftalen med indløseren; skriv til os",
)

_WORDS: dict[str, Words] = {
    "declined": _OTHER,
    "do_not_honour": _OTHER,
    "refer_to_issuer": Words(
        en="the bank wants to hear from the cardholder first", da="banken vil først høre fra kortholderen"
    ),
    "insufficient_funds": Words(en="there was not enough money on the card", da="der var ikke penge nok på kortet"),
    "limit_exceeded": Words(en="the amount is above the card's limit", da="beløbet er over kortets grænse"),
    "invalid_card": Words(en="there is no card with that number", da="der findes ikke et kort med det nummer"),
    "expired_card": Words(en="the card has expired", da="kortet er udløbet"),
    "closed_account": _GONE,
    "no_such_account": _GONE,
    "lost_card": _GONE,
    "stolen_card": _GONE,
    "pick_up_card": _GONE,
    "restricted_card": Words(
        en="the card may not be used for this kind of purchase", da="kortet må ikke bruges til denne slags køb"
    ),
    "suspected_fraud": Words(en="the bank suspects fraud", da="banken har mistanke om svindel"),
    "security_code": Words(en="the security code was wrong", da="sikkerhedskoden var forkert"),
    "security_violation": Words(
        en="the bank found something wrong with the request", da="banken fandt noget galt ved anmodningen"
    ),
    "pin": Words(en="the card asks for its PIN", da="kortet kræver sin pinkode"),
    "authentication_required": Words(
        en="the bank wants the cardholder to approve the purchase",
        da="banken vil have kortholderen til at godkende købet",
    ),
    "not_permitted": Words(
        en="the card may not be used for this kind of purchase", da="kortet må ikke bruges til denne slags køb"
    ),
    "stopped_by_cardholder": Words(
        en="the cardholder has stopped these payments; do not try again",
        da="kortholderen har stoppet betalingerne; prøv ikke igen",
    ),
    "forbidden_by_law": Words(en="the law forbids it", da="loven forbyder det"),
    "invalid_transaction": Words(
        en="the bank does not take this kind of payment", da="banken tager ikke denne slags betaling"
    ),
    "invalid_amount": Words(en="the bank does not take that amount", da="banken tager ikke det beløb"),
    "exceeds_open_amount": Words(
        en="it was more than the acquirer holds for this payment",
        da="det var mere, end indløseren holder for betalingen",
    ),
    "original_not_found": Words(
        en="the acquirer does not find the payment that it belongs to",
        da="indløseren finder ikke den betaling, det hører til",
    ),
    "merchant_setup": _SETUP,
    "format_error": _SETUP,
    "issuer_unavailable": Words(
        en="the bank did not answer; another attempt may work", da="banken svarede ikke; et nyt forsøg kan lykkes"
    ),
    "system_error": Words(
        en="a system on the way failed; another attempt may work",
        da="et system på vejen fejlede; et nyt forsøg kan lykkes",
    ),
    "three_ds_required": Words(
        en="the purchase was not approved by the cardholder first", da="købet blev ikke godkendt af kortholderen først"
    ),
    "authentication_failed": Words(
        en="the cardholder did not approve the purchase", da="kortholderen godkendte ikke købet"
    ),
    "authentication_timed_out": Words(
        en="the cardholder did not approve the purchase in time", da="kortholderen godkendte ikke købet i tide"
    ),
    "authentication_unavailable": Words(
        en="the bank could not ask the cardholder", da="banken kunne ikke spørge kortholderen"
    ),
    "acquirer_unreachable": Words(
        en="the acquirer could not be reached, and nothing was sent",
        da="indløseren kunne ikke nås, og intet blev sendt",
    ),
    "no_answer": Words(
        en="nobody answered; whatever it held has been released", da="ingen svarede; det, der blev holdt, er frigivet"
    ),
}


def reason(word: str) -> Words:
    """A decline's reason (`DeclineReason`), as the rest of a sentence."""
    return _WORDS.get(word, _OTHER)
