"""What letters to our own staff about their work say."""

from ippgateway.domains.mail.schemas import Kind
from ippgateway.domains.mail.wording import Wording
from ippgateway.privacy.vocabulary import Words

_W = Words

TO_STAFF: dict[Kind, Wording] = {
    Kind.EMERGENCY: Wording(
        subject=_W(en="Emergency access at the desk", da="Nødadgang ved skrivebordet"),
        begins=(
            _W(en="A member of staff has opened what their role does not, for one hour. It ends by itself, and each "
                  "look at somebody's data under it is on record.",
               da="En medarbejder har åbnet for mere, end rollen giver, i en time. Det slutter af sig selv, og hvert "
                  "opslag i nogens data imens er noteret."),
        ),
        ends=(
            _W(en="Somebody else has to review it within three days. The reason stands here:\n{link}",
               da="En anden skal gennemgå det inden for tre dage. Begrundelsen står her:\n{link}"),
        ),
        not_you=_W(
            en="If you know of no emergency, call whoever used it now. Closing their account ends the access at once.",
            da="Kender du ikke til noget nødstilfælde, så ring til vedkommende nu. Lukkes kontoen, ophører adgangen "
            "med det samme.",
        ),
        needs=frozenset({"link", "name"}),
    ),
}  # fmt: skip
