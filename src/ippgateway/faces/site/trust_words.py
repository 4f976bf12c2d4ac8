"""What the page of the promises says, in English and Danish, each written as an original."""

from ippgateway.privacy.trust import Standing
from ippgateway.privacy.vocabulary import Words

TITLE = Words(en="How it stands with our promises", da="Sådan står det til med vores løfter")
LEAD = Words(
    en="Our privacy policy is split into single promises. The running system is asked about each of them, and this "
    "page says what it answered, also where the answer is no.",
    da="Vores privatlivspolitik er delt op i enkelte løfter. Det kørende system bliver spurgt om hvert af dem, og "
    "siden her siger, hvad det svarede, også når svaret er nej.",
)
OF = Words(en="of", da="af")
ALL_KEPT = Words(en="promises are kept", da="løfter holdes")
ALL_WERE = Words(en="promises were kept when somebody last looked", da="løfter blev holdt, da der sidst blev set efter")
NOTHING_SAID = Words(
    en="promises. Nothing is known here of how they stand, so not one counts as kept",
    da="løfter. Her vides intet om, hvordan det står til med dem, så ikke ét tæller som holdt",
)
CHECKED = Words(en="Checked", da="Kontrolleret")
BY_HAND = Words(en="by hand, without a timetable", da="i hånden, uden tidsplan")
WHAT_IS = Words(en="What a check is, and how to run it", da="Hvad en kontrol er, og hvordan du kører den")

NONE = Words(
    en="There is no result yet. The first check begins when the whole Platform has started, and takes some seconds. If "
    "this stays so for minutes, the checks do not run.",
    da="Der er intet resultat endnu. Den første kontrol begynder, når hele platformen er startet, og tager nogle "
    "sekunder. Står der stadig dette efter flere minutter, kører kontrollerne ikke.",
)
UNREADABLE = Words(
    en="The last result can't be read, so this page knows nothing. The next check writes a new one.",
    da="Det seneste resultat kan ikke læses, så siden ved intet. Den næste kontrol skriver et nyt.",
)
LATE = Words(
    en="This result is old. It should have been followed by another long ago, and nobody knows here what has changed "
    "since. Nothing below counts as kept until the checks run again. It is from",
    da="Resultatet er gammelt. Et nyt skulle være kommet for længst, og ingen ved her, hvad der er sket siden. Intet "
    "nedenfor tæller som holdt, før kontrollerne kører igen. Det er fra",
)
WANTING = Words(en="Not as promised, or not to be checked", da="Ikke som lovet, eller ikke til at kontrollere")

IS = {
    Standing.KEPT: Words(en="kept", da="holdt"),
    Standing.PARTLY: Words(en="partly", da="delvist"),
    Standing.BROKEN: Words(en="broken", da="brudt"),
    Standing.UNCHECKED: Words(en="could not be checked", da="kunne ikke kontrolleres"),
    Standing.NOT_BUILT: Words(en="not built", da="ikke bygget"),
}
WAS = {
    Standing.KEPT: Words(en="unknown, was kept", da="uvist, var holdt"),
    Standing.PARTLY: Words(en="unknown, was partly kept", da="uvist, var delvist holdt"),
    Standing.BROKEN: Words(en="unknown, was broken", da="uvist, var brudt"),
    Standing.UNCHECKED: Words(en="unknown, could not be checked", da="uvist, kunne ikke kontrolleres"),
    Standing.NOT_BUILT: Words(en="unknown, was not built", da="uvist, var ikke bygget"),
}
NOT_FOUND = Words(en="not checked yet", da="ikke kontrolleret endnu")
MEANS = {
    Standing.KEPT: Words(
        en="The mechanism runs, and the check found nothing against it.",
        da="Mekanismen kører, og kontrollen fandt intet imod den.",
    ),
    Standing.PARTLY: Words(
        en="What there is holds; the sentence says what is missing.",
        da="Det, der er, holder; sætningen siger, hvad der mangler.",
    ),
    Standing.BROKEN: Words(
        en="The check found something that is not as promised. It says what.",
        da="Kontrollen fandt noget, der ikke er som lovet. Den siger hvad.",
    ),
    Standing.UNCHECKED: Words(
        en="The check could not look. That is never counted as kept, whatever it found before.",
        da="Kontrollen kunne ikke se efter. Det tæller aldrig som holdt, uanset hvad den fandt før.",
    ),
    Standing.NOT_BUILT: Words(
        en="No check looks at it, because nothing of it runs yet.",
        da="Ingen kontrol ser på det, for intet af det kører endnu.",
    ),
}

PLOT = Words(en="Day by day", da="Dag for dag")
PLOT_LEAD = Words(
    en="Each bar is a day's last result; a day without one was not looked at. From the foot upwards:",
    da="Hver søjle er dagens seneste resultat; på en dag uden søjle blev der ikke set efter. Nedefra og op:",
)
PLOT_SAYS = Words(
    en="Bars, a day each, of how many promises stood how. The numbers stand in the table below.",
    da="Søjler, én for hver dag, over hvor mange løfter der stod hvordan. Tallene står i tabellen nedenfor.",
)
NUMBERS = Words(en="The numbers", da="Tallene")
DAY = Words(en="Day", da="Dag")
CONTENTS = Words(en="On this page", da="På siden")
KEPT_HERE = Words(en="kept", da="holdt")

LOOKED_AT = Words(en="Looked at", da="Set efter i")
LAST_CHECKED = Words(en="Last checked", da="Sidst kontrolleret")
NEVER = Words(en="never yet", da="aldrig endnu")
SINCE = Words(en="So since", da="Sådan siden")
EVIDENCE_IN_ENGLISH = Words(
    en="The sentences below are written by the checks themselves.",
    da="Sætningerne nedenfor skriver kontrollerne selv, og de skriver engelsk.",
)

CHECK = Words(en="What a check is", da="Hvad en kontrol er")
CHECK_TEXTS = (
    Words(
        en="A check asks the running system and no document. It reads the database's own catalogues, tries to see what "
        "nobody may see, signs in where it must be refused, and looks at what a browser gets. It is real only if it "
        "turns broken as soon as the mechanism behind it is switched off: for each one a test does that.",
        da="En kontrol spørger det kørende system og ikke et dokument. Den læser databasens egne kataloger, prøver at "
        "se det, ingen må se, logger ind, hvor den skal afvises, og ser på det, en browser får. Den er kun ægte, hvis "
        "den melder brud, så snart mekanismen bag den slås fra: for hver af dem gør en test netop det.",
    ),
    Words(
        en="It sees what it looks at, on this installation, at that moment. It is our own program that checks our own "
        "program; that is why the command and its source are there for you too.",
        da="Den ser det, den ser på, på denne installation, i det øjeblik. Det er vores eget program, der kontrollerer "
        "vores eget program; derfor er kommandoen og dens kildetekst der også for dig.",
    ),
    Words(
        en="Nothing here is about anybody: a sentence that looks as if it named somebody is withheld before it is "
        "published.",
        da="Intet her handler om nogen: en sætning, der ser ud til at nævne nogen, holdes tilbage, før den "
        "offentliggøres.",
    ),
)
MEANINGS = Words(en="What the words mean", da="Hvad ordene betyder")
YOURSELF = Words(en="Run it yourself", da="Kør den selv")
YOURSELF_LEAD = Words(
    en="On the machine where the Platform runs, with the rights to operate it. The second line also shows the result "
    "here.",
    da="På den maskine, hvor platformen kører, med ret til at drive den. Den anden linje viser også resultatet her.",
)
COMMANDS = (".venv/bin/ippgateway promises", ".venv/bin/ippgateway promises --publish")
SOURCE = Words(
    en="The checks stand in `src/ippgateway/promises`, the switches that prove them in `tests/promises`.",
    da="Kontrollerne står i `src/ippgateway/promises`, og de afbrydere, der beviser dem, i `tests/promises`.",
)
FOR_PROGRAMS = Words(en="This page for programs", da="Siden for programmer")

SURFACES = {
    "declarations": Words(en="declarations", da="erklæringerne"),
    "main database": Words(en="main database", da="hoveddatabasen"),
    "key database": Words(en="key database", da="nøgledatabasen"),
    "key files": Words(en="key files", da="nøglefilerne"),
    "logs": Words(en="logs", da="loggene"),
    "payment interface": Words(en="payment interface", da="betalingsgrænsefladen"),
    "console interface": Words(en="console interface", da="konsollernes grænseflade"),
    "acquirer link": Words(en="acquirer link", da="forbindelsen til indløseren"),
    "3-D Secure link": Words(en="3-D Secure link", da="forbindelsen til 3-D Secure"),
    "notifications": Words(en="notifications", da="beskederne til butikker"),
    "public site": Words(en="public site", da="det offentlige websted"),
    "pages about one's own data": Words(en="pages about one's own data", da="siderne om egne oplysninger"),
    "letters": Words(en="letters", da="brevene"),
    "desk of our staff": Words(en="desk of our staff", da="medarbejdernes skrivebord"),
}
"""Where a check looked, by the word that it uses itself."""

_UNITS = (
    (86_400, Words(en="again every day", da="igen hver dag"), Words(en="again every {} days", da="igen hver {}. dag")),
    (3_600, Words(en="again every hour", da="igen hver time"),
     Words(en="again every {} hours", da="igen hver {}. time")),
    (60, Words(en="again every minute", da="igen hvert minut"),
     Words(en="again every {} minutes", da="igen hvert {}. minut")),
    (1, Words(en="again every second", da="igen hvert sekund"),
     Words(en="again every {} seconds", da="igen hvert {}. sekund")),
)  # fmt: skip


def every(seconds: int) -> Words:
    """How often somebody looks; 0: by hand."""
    if not seconds:
        return BY_HAND
    size, one, several = next(unit for unit in _UNITS if seconds % unit[0] == 0)
    number = seconds // size
    return one if number == 1 else Words(en=several.en.format(number), da=several.da.format(number))
