"""What letters to shops about their payers say."""

from ippgateway.domains.mail.schemas import Kind
from ippgateway.domains.mail.wording import Wording
from ippgateway.privacy.vocabulary import Words

_W = Words

TO_SHOPS: dict[Kind, Wording] = {
    Kind.PAYERS_DISCLOSED: Wording(
        subject=_W(en="Data about a payer of yours was handed over", da="Oplysninger om en af jeres betalere er "
                   "udleveret"),
        begins=(
            _W(en="We were asked for data that we hold for you about somebody who paid you, and had to hand it over. "
                  "Who got it stands below.",
               da="Vi blev bedt om oplysninger, som vi har for jer om en, der har betalt jer, og måtte udlevere dem. "
                  "Hvem der fik dem, står nedenfor."),
        ),
        ends=(
            _W(en="You decide over this data, so it is you who tell the person. What it was, we tell you when you ask, "
                  "with the number of the case: {name}",
               da="I bestemmer over oplysningerne, så det er jer, der giver personen besked. Hvad det var, fortæller "
                  "vi, når I spørger, med sagens nummer: {name}"),
        ),
        needs=frozenset({"name", "what"}),
    ),
    Kind.RECIPIENT_TOLD: Wording(
        subject=_W(en="What you hold about a payer has changed", da="Det, I har om en betaler, er ændret"),
        begins=(
            _W(en="Data about one of your payers was corrected, restricted or erased here. You got some of it from us, "
                  "so the same has to happen to your own copies of it, unless a law obliges you to keep them "
                  "(GDPR, Article 19).",
               da="Oplysninger om en af jeres betalere er rettet, begrænset eller slettet her. I har fået nogle af dem "
                  "fra os, så det samme skal ske med jeres egne kopier, medmindre en lov pålægger jer at gemme dem "
                  "(databeskyttelsesforordningens artikel 19)."),
        ),
        ends=(
            _W(en="What was done, and which payments it concerns, stands here:\n{link}",
               da="Hvad der er gjort, og hvilke betalinger det angår, står her:\n{link}"),
        ),
        needs=frozenset({"link", "what"}),
    ),
}  # fmt: skip
