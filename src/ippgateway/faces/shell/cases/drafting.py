"""The notice to a recipient who got what was corrected, restricted or erased (GDPR Article 19), in both languages: our
staff send the one that the recipient reads. It names the record by the numbers that the recipient knows, and nobody."""

from ippgateway.domains.requests.schemas import Kind, Notice, Request
from ippgateway.faces.pages.held import field_words
from ippgateway.privacy.vocabulary import Words

_DONE: dict[Kind, Words] = {
    Kind.RECTIFICATION: Words(
        en="On {day} we corrected personal data that you received from us. Please correct it as well.",
        da="Den {day} rettede vi personoplysninger, som I har modtaget fra os. Ret dem også hos jer.",
    ),
    Kind.RESTRICTION: Words(
        en="On {day} the use of personal data that you received from us was restricted (Article 18). Please use it for "
        "nothing but keeping it and legal claims until you hear from us.",
        da="Den {day} blev brugen af personoplysninger, som I har modtaget fra os, begrænset (artikel 18). Brug dem "
        "kun til opbevaring og retskrav, indtil I hører fra os.",
    ),
    Kind.ERASURE: Words(
        en="On {day} we erased personal data that you received from us. Please erase it as well, unless a law obliges "
        "you to keep it.",
        da="Den {day} slettede vi personoplysninger, som I har modtaget fra os. Slet dem også hos jer, medmindre en "
        "lov pålægger jer at gemme dem.",
    ),
}
_DUTY = Words(
    en="We have to tell you by Article 19 of the General Data Protection Regulation. Write to us when it is done, or "
    "why it can't be.",
    da="Vi skal give jer besked efter databeskyttelsesforordningens artikel 19. Skriv til os, når det er gjort, eller "
    "hvorfor det ikke kan lade sig gøre.",
)
_KNOWN_BY = Words(en="You know the record by:", da="I kender posten på:")
_SHOULD = Words(en="{field} should say: {value}", da="Som {field} skal der stå: {value}")
_NUMBER = Words(en="Our number: {number}", da="Vores nummer: {number}")


def draft(request: Request, notice: Notice, operator: str) -> Words:
    """The notice, as it stands in a letter."""
    return Words(en=_text(request, notice, operator, "en"), da=_text(request, notice, operator, "da"))


def _text(request: Request, notice: Notice, operator: str, language: str) -> str:
    day = (request.ended_at or notice.created_at).date().isoformat()
    parts = [notice.name or _in(notice.kind.words, language), _in(_DONE[request.kind], language).format(day=day)]
    if request.field and request.new_value is not None:
        field = _in(field_words(request.field), language)
        parts.append(_in(_SHOULD, language).format(field=field, value=request.new_value.open()))
    if notice.known_by:
        parts.append("\n".join((_in(_KNOWN_BY, language), *(f"- {line}" for line in notice.known_by))))
    parts += [_in(_DUTY, language), f"{_in(_NUMBER, language).format(number=request.id)}\n{operator}"]
    return "\n\n".join(parts)


def _in(words: Words, language: str) -> str:
    return words.da if language == "da" else words.en
