"""Where recipients are, as the law counts it, and what carries a transfer beyond the EEA (Articles 44 to 49)."""

from dataclasses import dataclass

from ippgateway.privacy.vocabulary import Place, Words

EEA = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split()
)  # fmt: skip
"""EU and EFTA states in which the regulation binds, as ISO 3166-1, two letters."""


def place_of(country: str) -> Place:
    """The place that a country (ISO 3166-1, two letters) counts as."""
    if country in EEA:
        return Place.EU
    return Place.US if country == "US" else Place.ELSEWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class TransferTool:
    """What makes a transfer beyond the EEA lawful. A person's agreement to our terms is none (PLACE-1)."""

    key: str
    article: str
    words: Words


TOOLS: dict[str, TransferTool] = {
    tool.key: tool
    for tool in (
        TransferTool(
            key="adequacy", article="45",
            words=Words(en="a decision on adequacy of the Commission",
                        da="en afgørelse fra Kommissionen om tilstrækkeligt beskyttelsesniveau"),
        ),
        TransferTool(
            key="framework", article="45",
            words=Words(en="certified in the EU-US Data Privacy Framework",
                        da="certificeret i EU-US Data Privacy Framework"),
        ),
        TransferTool(
            key="clauses", article="46",
            words=Words(en="the Commission's standard clauses, with a transfer impact assessment",
                        da="Kommissionens standardkontrakt med en vurdering af overførslen"),
        ),
        TransferTool(
            key="binding_rules", article="47",
            words=Words(en="binding corporate rules", da="bindende virksomhedsregler"),
        ),
        TransferTool(
            key="claims", article="49",
            words=Words(en="needed for a legal claim, once and for few people",
                        da="nødvendigt for et retskrav, én gang og for få personer"),
        ),
    )
}  # fmt: skip
"""What may stand in the register. Which countries have a decision on adequacy is for whoever enters it to look up."""
