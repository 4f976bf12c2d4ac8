"""What the pages of the policy and the terms say around them, in English and Danish."""

from ippgateway.privacy.vocabulary import Words

CHANGES = Words(en="What changed", da="Hvad der er ændret")
CHANGES_LEAD = Words(
    en="Every version of the policy, the cookie page, the terms and the list of processors, the newest first, with "
    "what went and what came. Users get a letter before a version comes into force.",
    da="Hver udgave af politikken, cookiesiden, vilkårene og listen over databehandlere, den nyeste først, med det, "
    "der gik ud, og det, der kom til. Brugere får et brev, før en udgave træder i kraft.",
)
VERSION = Words(en="Version", da="Udgave")
IN_FORCE = Words(en="In force from", da="Gælder fra")
COMING = Words(en="A new version comes into force on", da="En ny udgave træder i kraft den")
COMING_SEE = Words(en="See what changes", da="Se, hvad der ændres")
OLD = Words(
    en="This is one version as it was written. What applies today stands here:",
    da="Dette er én udgave, som den blev skrevet. Det, der gælder i dag, står her:",
)
CONTENTS = Words(en="On this page", da="På siden")
FIRST = Words(en="The first version.", da="Den første udgave.")
WENT = Words(en="went", da="udgået")
CAME = Words(en="new", da="nyt")
WHOLE = Words(en="The whole text", da="Hele teksten")
MADE = Words(
    en="read from the running program's declarations; a test fails when the two differ",
    da="læst af det kørende programs erklæringer; en test fejler, når de to er forskellige",
)
