"""The terms that apply: which version, what changed, and whether whoever asks has accepted it."""

from starlette.responses import Response

from ippgateway.domains.accounts import service as accounts
from ippgateway.faces.shell.account import agreement_words as words
from ippgateway.faces.shell.account.common import page
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.house import House


async def show(house: House, ask: Ask) -> Response:
    """The version, and a form while it is not accepted."""
    return page(
        house, ask, "terms.html", title=words.TERMS, done={"accepted": words.ACCEPTED}, aw=words,
        version=accounts.terms_in_force(house.platform), due=bool(ask.terms_due),
    )  # fmt: skip


async def take(house: House, ask: Ask) -> Response:
    """The yes, to the version that was shown and no other."""
    if not await accounts.accept(house.platform, ask.known, version=ask.form.get("version", "")):
        return page(
            house, ask, "terms.html", title=words.TERMS, status=409, problem=words.CHANGED_MEANWHILE, aw=words,
            version=accounts.terms_in_force(house.platform), due=True,
        )  # fmt: skip
    return house.see_other("/account/terms?done=accepted")
