"""Whoever asks our support: found, and looked at with a reason that is on record before anything is shown."""

from collections.abc import Mapping

from starlette.responses import Response

from ippgateway.domains.accounts import service as accounts
from ippgateway.faces.desk import people_words as words
from ippgateway.faces.desk.places import STAFF
from ippgateway.faces.pages.held import label_in
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.house import House
from ippgateway.faces.shell.routes import Route
from ippgateway.privacy.catalogue import SUPPORT
from ippgateway.privacy.looks.looking import WHY, BadReason, Looker, NobodyThere, Why, look
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.vocabulary import Words
from ippgateway.privacy.zones import PLATFORM

_WHY = [(why.value, told) for why, told in WHY.items()]
_LONGEST_ID = 14


async def asking(house: House, ask: Ask) -> Response:
    """The search, and the reason for it."""
    return _form(house, ask)


async def found(house: House, ask: Ask) -> Response:
    """One is shown at once, of several one is chosen; what is shown is an answer to a form, so that no address ever
    names anybody."""
    form = ask.form
    if form.get("why") not in list(Why):
        return _form(house, ask, wrong={"why": words.BAD_WHY})
    if form.get("person"):
        return await _shown(house, ask, form.get("tenant", "")[:_LONGEST_ID], form["person"][:_LONGEST_ID])
    askers = await accounts.find_asker(house.platform, form.get("search", ""), by=ask.known.user_id)
    if not askers:
        return _form(house, ask, wrong={"search": words.NOBODY})
    if len(askers) == 1:
        return await _shown(house, ask, askers[0].tenant_id, askers[0].person_id)
    return house.page(ask, "people_found.html", title=words.PEOPLE, w=words, askers=askers, typed=form)


async def _shown(house: House, ask: Ask, tenant: str, person: str) -> Response:
    if tenant == PLATFORM:
        return _form(house, ask, wrong={"search": words.NOBODY})
    form, by = ask.form, Looker(user_id=ask.known.user_id, emergency_id=ask.known.emergency_id)
    try:
        rows = await look(
            house.platform, by=by, purpose=SUPPORT, person=Person(PLATFORM, person, tenant), why=Why(form["why"]),
            reason=form.get("reason", ""),
        )  # fmt: skip
    except BadReason:
        return _form(house, ask, wrong={"reason": words.BAD_REASON})
    except NobodyThere:
        return _form(house, ask, wrong={"search": words.NOBODY})
    users = await accounts.users_of(house.platform, tenant)
    return house.page(
        ask, "person.html", title=words.SHOWN, w=words, rows=rows, typed=form, why=WHY[Why(form["why"])],
        users=[each for each in users if each.person_id != person], label=label_in(ask.language),
        happened=words.HAPPENED,
    )  # fmt: skip


def _form(house: House, ask: Ask, *, wrong: Mapping[str, Words] | None = None) -> Response:
    return house.page(
        ask, "people.html", title=words.PEOPLE, w=words, typed=ask.form, reasons=_WHY, wrong=wrong or {},
        status=422 if wrong else 200,
    )  # fmt: skip


ROUTES = (
    Route(path="/people", name="people", get=asking, post=found, audiences=STAFF, right=SUPPORT.key),
)  # fmt: skip
