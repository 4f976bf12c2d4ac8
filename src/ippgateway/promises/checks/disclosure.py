"""Section 8: disclosure."""

from collections.abc import Callable
from dataclasses import replace

from ippgateway.privacy import catalogue
from ippgateway.privacy.vocabulary import Purpose, Recipient, SaleOfPersonalData
from ippgateway.privacy.zones import PURPOSES
from ippgateway.promises.context import Context
from ippgateway.promises.finding import Finding, Surface, judge
from ippgateway.promises.looking import differences, fields

_VALUE = "money"


async def nothing_is_sold(context: Context) -> Finding:
    """DISC-11: declaring something for value is refused, nothing in the catalogue is, and nobody else reads."""
    words: set[Purpose | Recipient] = {
        word for word in vars(catalogue).values() if isinstance(word, Purpose | Recipient)
    }
    for field in fields(context):
        words |= field.said.uses | field.said.to
    words |= set(PURPOSES)
    faults = [f"{word.key} is declared in return for something" for word in words if word.in_return_for]
    if _accepted(lambda: replace(catalogue.PAYMENT, in_return_for=_VALUE)):
        faults.append("a purpose for value can be declared")
    if _accepted(lambda: replace(catalogue.SHOP, in_return_for=_VALUE)):
        faults.append("a recipient for value can be declared")
    faults += await differences(context)
    purposes = sum(isinstance(word, Purpose) for word in words)
    return judge(
        faults=faults,
        proof=f"none of {purposes} purposes and {len(words) - purposes} recipients is for value, declaring one is "
        "refused, and the databases grant nothing to anybody but the declared purposes",
        surfaces=(Surface.DECLARATIONS, Surface.MAIN_DATABASE, Surface.KEY_DATABASE),
    )


def _accepted(declare: Callable[[], object]) -> bool:
    try:
        declare()
    except SaleOfPersonalData:
        return False
    return True
