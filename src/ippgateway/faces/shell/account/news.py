"""News by e-mail: a yes that is asked for on its own, a no as easily, and a no to all marketing, which nothing
outweighs (BASIS-3, CHOICE-1; GDPR Article 21(3))."""

from starlette.responses import Response

from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.consents import service as consents
from ippgateway.domains.consents.schemas import How, Line, Said, Shown, Whose
from ippgateway.faces.shell.account import agreement_words as words
from ippgateway.faces.shell.account.common import me, page
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.house import House
from ippgateway.privacy.catalogue import NEWS
from ippgateway.privacy.papers.versions import PRIVACY, in_force, today


async def show(house: House, ask: Ask) -> Response:
    """What stands, what would be said yes to, and what was said before."""
    said = await consents.lines(house.platform, await _whose(house, ask))
    return page(
        house, ask, "news.html", title=words.NEWS, done=words.NEWS_DONE, aw=words, said=said, stands=_stands(said),
        objected=_objected(said),
    )  # fmt: skip


async def take(house: House, ask: Ask) -> Response:
    """A yes to exactly the text that the page shows, a no, or a no to everything of the kind."""
    whose, p = await _whose(house, ask), house.platform
    if ask.form.get("say") == "yes":
        version = in_force(PRIVACY, today(p.clock.now())).name
        text = f"{words.NEWS_TEXT.da if ask.language == 'da' else words.NEWS_TEXT.en}"
        shown = Shown(version=version, language=ask.language.value, text=text)
        await consents.give(p, whose, purpose=NEWS, shown=shown, how=How.ACCOUNT)
        return house.see_other("/account/news?done=yes")
    if ask.form.get("say") == "never":
        await consents.object_to_marketing(p, whose, how=How.ACCOUNT)
        return house.see_other("/account/news?done=never")
    await consents.withdraw(p, whose, purpose=NEWS, how=How.ACCOUNT)
    return house.see_other("/account/news?done=no")


def _stands(said: list[Line]) -> bool:
    """Whether the newest line is a yes, for the page; whoever sends asks the database."""
    return bool(said) and said[0].said is Said.GIVEN


def _objected(said: list[Line]) -> bool:
    """Whether they said no to all marketing, and yes to nothing since."""
    return next((line.said for line in said if line.said is not Said.WITHDRAWN), None) is Said.OBJECTED


async def _whose(house: House, ask: Ask) -> Whose:
    person = await accounts.person_of(house.platform, ask.known)
    email = (await me(house, ask)).email
    return Whose(tenant_id=ask.known.home_id, person_id=person.person_id, code=consents.code_of(house.platform, email))
