"""Section 2: what is collected."""

from ippgateway.privacy.catalogue import CARD_DETAILS, CARD_NUMBER, EMAIL, FREE_TEXT, PHONE, PSEUDONYM
from ippgateway.promises.context import Context
from ippgateway.promises.finding import Finding, Surface, judge
from ippgateway.promises.looking import differences, fields

_NAMED = (PSEUDONYM, EMAIL, PHONE, CARD_NUMBER, CARD_DETAILS, FREE_TEXT)


async def categories_say_all(context: Context) -> Finding:
    """COLLECT-5: each personal field names purposes and a term, and the policy's categories are among them."""
    personal = [field for field in fields(context) if field.said.category is not None]
    held = {field.said.category for field in personal}
    faults = await differences(context)
    faults += [f"{field} names no purpose" for field in personal if not field.said.uses]
    faults += [f"{field} names no term" for field in personal if field.said.keep is None]
    faults += [f"nothing is declared as {category.key}" for category in _NAMED if category not in held]
    return judge(
        faults=faults,
        proof=f"{len(personal)} personal fields of {len(held)} categories name their purposes with basis, their term "
        "and their recipients; text that shops send along is a category of its own",
        missing="where each field comes from is not declared, and postal address, IP address, forum comments and web "
        "analytics are not collected yet",
        surfaces=(Surface.DECLARATIONS,),
    )
