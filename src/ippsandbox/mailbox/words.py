"""The page's words, each language written as an original."""

from typing import NamedTuple


class Said(NamedTuple):
    """The same in English and Danish."""

    en: str
    da: str


NAME = Said("Sandbox mail", "Sandkassens post")
SKIP = Said("To the letters", "Til brevene")
LANGUAGE = Said("Language", "Sprog")
TITLE = Said("Letters that were sent", "Breve, der er sendt")
LEAD = Said(
    "This mail server stands in for a provider: it takes every letter and passes none on. Letters are in memory alone, "
    "two hundred at most, and gone when it stops.",
    "Denne mailserver træder i stedet for en udbyder: Den tager imod alle breve og sender ingen videre. Brevene ligger "
    "kun i hukommelsen, højst to hundrede, og er væk, når den stopper.",
)
OUTCOMES = Said(
    "A letter to `refused@` any name is refused for good; one to `later@` is put off once.",
    "Et brev til `refused@` et hvilket som helst navn bliver afvist for altid; et til `later@` bliver udsat én gang.",
)
ADDRESS = Said("Letters to", "Breve til")
SHOW = Said("Look", "Se efter")
ALL = Said("Show all", "Vis alle")
NONE = Said("No letter has come yet.", "Der er ikke kommet noget brev endnu.")
NONE_TO = Said("No letter has come to this address.", "Der er ikke kommet noget brev til den adresse.")
NONE_MORE = Said(
    "Letters are sent some seconds after what gave rise to them. Look again in a moment.",
    "Breve sendes nogle sekunder efter det, der gav anledning til dem. Se efter igen om lidt.",
)
TO = Said("To", "Til")
FROM = Said("From", "Fra")
CAME = Said("Came", "Kom")
NO_SUBJECT = Said("No subject", "Intet emne")
UNTEXT = Said("This letter has no plain text.", "Brevet har ingen ren tekst.")
FOOT = Said(
    "Part of the sandbox. No letter leaves this machine, and this page sets no cookie.",
    "En del af sandkassen. Intet brev forlader maskinen, og siden sætter ingen cookie.",
)
MISSING = Said("There is no such page here.", "Den side findes ikke her.")
BROKEN = Said("Something broke here. The letters are still there.", "Noget gik i stykker her. Brevene er her stadig.")
BACK = Said("To the letters", "Til brevene")
