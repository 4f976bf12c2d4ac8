"""Section 14, LAW-1, CHANGE-1 and CONTACT-1: which law applies, how the papers change, and where questions go."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time
from itertools import groupby
from zoneinfo import ZoneInfo

from ippgateway.domains.consents.schemas import What
from ippgateway.domains.mail.letters import Kind as Letter
from ippgateway.domains.requests.schemas import Kind
from ippgateway.privacy.catalogue import ACCOUNT, CONSENT, OWN_DATA, REQUESTS
from ippgateway.privacy.declare import MAIN
from ippgateway.privacy.papers import versions as papers
from ippgateway.privacy.papers.paper import Section
from ippgateway.privacy.papers.versions import PAPERS, PRIVACY, TERMS, Version
from ippgateway.privacy.rights import copy
from ippgateway.privacy.vocabulary import Words
from ippgateway.privacy.zones import Zone, purpose_role
from ippgateway.promises.checks import post
from ippgateway.promises.context import Context
from ippgateway.promises.finding import CannotCheck, Finding, Surface, judge
from ippgateway.promises.looking import demanded, differences, everybody, not_demanded, text_of

_HOME = ZoneInfo("Europe/Copenhagen")
_LED_ON, _SIGN_IN = 303, "/sign-in"

# --- LAW-1 ---

_LAW = (Words(en="Danish law applies", da="Dansk ret gælder"), Words(en="European Union", da="EU-retten"))
_AUTHORITY = "Datatilsynet"
_ANSWERS = (Letter.REQUEST_EXTENDED, Letter.REQUEST_ANSWERED)


async def the_law_and_the_authority_are_named(context: Context) -> Finding:
    """LAW-1: the terms name the law, whoever signs up is shown their version, each acceptance is kept and never
    changed, and the way to the supervisory authority stands beside each answer to a request."""
    now = papers.in_force(TERMS, papers.today(context.clock.now()))
    faults = []
    for language in post.LANGUAGES:
        page = text_of(await context.ask(f"{language}/{TERMS}", None, "site"))
        wanted = [now.name, _AUTHORITY, *(getattr(words, language) for words in _LAW)]
        faults += [f"the terms in {language} do not say: {words}" for words in wanted if words not in page]
        shown = (await context.ask(f"sign-up?lang={language}", None, "console")).text
        if f"/{language}/{TERMS}" not in shown or now.name not in shown:
            faults.append(f"whoever signs up in {language} is not shown which terms apply")
    faults += await _taken_without(context)
    faults += _unanswered(context)
    faults += await differences(context)
    users, accepted, unknown = await _accepted(context, now.name)
    faults += [f"{unknown} acceptances are of terms that never were"] if unknown else []
    return judge(
        faults=faults,
        proof="the terms say that Danish law and the law of the European Union apply; whoever signs up is shown the "
        f"version {now.name}, and can't with another or none; {accepted} of {users} users have accepted it, on record "
        "that nobody can change; "
        f"{len(_ANSWERS)} kinds of answers by letter, the copy of one's data and the certificate of an erasure name "
        "the supervisory authority",
        surfaces=(Surface.SITE, Surface.CONSOLES, Surface.LETTERS, Surface.MAIN_DATABASE),
    )


# Everything but the terms, and a password that is too short for anybody: were terms not asked for, it would be refused
# for the password, and there is no account in any case.
_WITHOUT = {"kind": "person", "name": "Nobody", "email": "nobody@promise.example", "password": "short"}
_REFUSED, _FOR_THE_PASSWORD = 422, 'id="p-password"'


async def _taken_without(context: Context) -> list[str]:
    """Sign-ups that are not refused for the terms that they name."""
    found = []
    for words, form in (("no terms", _WITHOUT), ("terms that never were", {**_WITHOUT, "terms": "never-was"})):
        answer = await context.ask("sign-up", form, "console")
        if answer.status != _REFUSED or _FOR_THE_PASSWORD in answer.text:
            found.append(f"a sign-up that names {words} is not refused for it: {answer.status}")
    return found


def _unanswered(context: Context) -> Iterator[str]:
    for kind in _ANSWERS:
        for language in post.LANGUAGES:
            if _AUTHORITY not in post.written(context, kind, language).text:
                yield f"the letter {kind.value} in {language} does not name the authority"
    if not all(_AUTHORITY in words for words in (copy.AUTHORITY.en, copy.AUTHORITY.da)):
        yield "copies and certificates do not name the authority"


async def _accepted(context: Context, name: str) -> tuple[int, int, int]:
    """Active users but ours, those who accepted the version, and acceptances of one that never was."""
    known = [version.name for version in papers.versions(TERMS)]
    async with context.under(Zone.CONSOLE, ACCOUNT, tenants=await everybody(context)) as tx:
        row = await tx.fetchrow(
            "select (select count(*) from ipp.app_user where status = 'active') as users, "
            "count(distinct user_id) filter (where version = $3) as accepted, "
            "count(*) filter (where version <> all ($4::text[])) as unknown "
            "from ipp.acceptance where paper = $1 and what = $2",
            TERMS, What.ACCEPTED.value, name, known,
        )  # fmt: skip
    if row is None:
        raise CannotCheck("the acceptances could not be counted")
    return row["users"], row["accepted"], row["unknown"]


# --- CHANGE-1 ---

_CHANGES = "privacy/changes"
_MOST_TEXTS = 5_000
_TIED = ("said <> 'given' or text_digest is not null",)


async def versions_are_kept_and_told(context: Context) -> Finding:
    """CHANGE-1: the newest version of each paper says what the program does; each version has its first day, its page
    and its differences; users were told before it; a consent names the version that was shown."""
    faults = [f"the newest version of {key} does not say what the program does" for key in papers.behind()]
    known = {key: papers.versions(key) for key in PAPERS}
    faults += await _unshown(context, known)
    faults += _unreadable(known)
    faults += await not_demanded(context, Zone.CONSOLE, "consent", _TIED)
    faults += await _untold(context, known)
    texts, untied = await _texts(context)
    faults += [f"{untied} texts of consents name a version that never was"] if untied else []
    count = sum(len(each) for each in known.values())
    return judge(
        faults=faults,
        proof=f"the newest versions of {len(PAPERS)} papers say what the declarations say; {count} versions stand on "
        "the site with their first days and what each of them changed, sentence by sentence; whoever had an account "
        f"before a version that replaced another was told ahead of it; {texts} texts were said yes to, and each names "
        "its version of the policy",
        surfaces=(Surface.DECLARATIONS, Surface.SITE, Surface.MAIN_DATABASE),
    )


async def _unshown(context: Context, known: dict[str, tuple[Version, ...]]) -> list[str]:
    """Versions that the site does not show as it should."""
    found, day = [], papers.today(context.clock.now())
    for language in post.LANGUAGES:
        changes = (await context.ask(f"{language}/{_CHANGES}", None, "site")).text
        for key, each in known.items():
            if papers.in_force(key, day).name not in (await context.ask(f"{language}/{key}", None, "site")).text:
                found.append(f"the page of {key} in {language} is not the version in force")
            for version in each:
                first = version.in_force.isoformat()
                if version.name not in changes or f'datetime="{first}"' not in changes:
                    found.append(f"the page of changes in {language} lacks the version {version.name} of {key}")
                if version.name not in (await context.ask(f"{language}/{key}/{first}", None, "site")).text:
                    found.append(f"the version {version.name} of {key} can't be read in {language}")
    return found


_NEW = Section(key="promise", title=Words(en="New", da="Nyt"), texts=(Words(en="A sentence.", da="En sætning."),))


def _unreadable(known: dict[str, tuple[Version, ...]]) -> Iterator[str]:
    """Papers of which it can't be told what a new version would change: tried with one sentence that goes, and one that
    comes."""
    for key, each in known.items():
        old = each[-1].paper
        new = replace(old, sections=(*old.sections[1:], _NEW))
        for language in post.LANGUAGES:
            lines = {line for changed in papers.difference(old, new, language) for line in changed.lines}
            gone, come = old.sections[0].texts[0], _NEW.texts[0]
            if not {("-", getattr(gone, language)), ("+", getattr(come, language))} <= lines:
                yield f"what changes in {key} can't be told in {language}"


async def _untold(context: Context, known: dict[str, tuple[Version, ...]]) -> list[str]:
    """Versions in force that replaced another, of which users were not told before their first day."""
    today = papers.today(context.clock.now())
    new = sorted((v.in_force, v.name) for each in known.values() for v in each[1:] if v.in_force <= today)
    found = []
    for day, versions in groupby(new, key=lambda each: each[0]):
        if count := await _users_untold(context, day, [name for _, name in versions]):
            found.append(f"{count} users were not told of the versions of {day} before that day")
    return found


async def _users_untold(context: Context, day: date, versions: list[str]) -> int:
    begins = datetime.combine(day, time(), _HOME)
    async with context.under(Zone.CONSOLE, ACCOUNT, tenants=await everybody(context)) as tx:
        found = await tx.fetchval(
            "select count(*) from ipp.app_user u where u.status = 'active' and u.created_at < $1 and not exists "
            "(select from ipp.acceptance a where a.tenant_id = u.tenant_id and a.user_id = u.id and a.what = $2 "
            "and a.version = any ($3::text[]) and a.created_at < $1)",
            begins, What.TOLD.value, versions,
        )  # fmt: skip
    return int(found or 0)


async def _texts(context: Context) -> tuple[int, int]:
    """Texts of consents, and those that name no version of the policy."""
    names = {version.name for version in papers.versions(PRIVACY)}
    async with context.under(Zone.CONSOLE, CONSENT) as tx:
        rows = await tx.fetch(f"select version from ipp.consent_text order by created_at desc limit {_MOST_TEXTS}")
    return len(rows), sum(row["version"] not in names for row in rows)


# --- CONTACT-1 ---

_ASKED_FOR = (Kind.ACCESS, Kind.RECTIFICATION, Kind.COPY, Kind.RESTRICTION, Kind.OBJECTION)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)*")
_CLOSED = (("console", "account/data/requests"), ("desk", "requests"))
_FORM = 'name="email"'
_NEEDED = ((OWN_DATA, "insert"), (REQUESTS, "update"))


async def questions_are_answered(context: Context) -> Finding:
    """CONTACT-1: the policy names an address; each right can be asked for in the account, and by whoever has none; what
    is asked reaches the desk, and none of it waits longer than the law lets it."""
    faults = []
    for language in post.LANGUAGES:
        page = text_of(await context.ask(f"{language}/{PRIVACY}", None, "site"))
        faults += [] if _ADDRESS.search(page) else [f"the policy in {language} names no address to write to"]
        answer = await context.ask(f"?lang={language}", None, "mine")
        if answer.status != 200 or _FORM not in answer.text:
            faults.append(f"whoever has no account can't ask in {language}: {answer.status}")
    for face, path in _CLOSED:
        answer = await context.ask(path, None, face)
        if answer.status != _LED_ON or not answer.headers.get("location", "").startswith(_SIGN_IN):
            faults.append(f"{face}/{path} answers a stranger with {answer.status}")
    demands = await demanded(context, Zone.CONSOLE, "data_request")
    kinds = next((each for each in demands if each.startswith("kind=")), "")
    faults += [f"nobody can ask for {kind.value}" for kind in _ASKED_FOR if f"'{kind.value}'" not in kinds]
    faults += await _unreached(context)
    asked, answered, late = await _asked(context)
    faults += [f"{late} requests wait longer than the law lets them"] if late else []
    return judge(
        faults=faults,
        proof="the policy names the address to write to; access, a copy, rectification, restriction and objection can "
        "be asked for in one's account, access also by whoever has none, and the desk decides what needs somebody; of "
        f"{asked} requests so far {answered} are answered and none is late",
        missing="a form for other questions, and a desk that the mail to that address reaches",
        surfaces=(Surface.SITE, Surface.CONSOLES, Surface.OWN_PAGES, Surface.DESK, Surface.MAIN_DATABASE),
    )


async def _unreached(context: Context) -> list[str]:
    async with context.connect(Zone.CONSOLE, MAIN) as connection:
        return [
            f"{purpose.key} may not {privilege} requests"
            for purpose, privilege in _NEEDED
            if not await connection.fetchval(
                "select has_any_column_privilege($1, 'ipp.data_request', $2)",
                purpose_role(context.role_prefix, purpose), privilege,
            )
        ]  # fmt: skip


async def _asked(context: Context) -> tuple[int, int, int]:
    """Requests, those that are answered, and those whose day is over."""
    async with context.under(Zone.DESK, REQUESTS) as tx:
        row = await tx.fetchrow(
            "select count(*) as asked, count(*) filter (where state in ('DONE', 'REFUSED')) as answered, "
            "count(*) filter (where not payer and state in ('ASKED', 'OPEN') "
            "  and coalesce(extended_to, due_on) < $1) as late "
            "from ipp.data_request",
            context.clock.now().astimezone(_HOME).date(),
        )
    if row is None:
        raise CannotCheck("the requests could not be counted")
    return row["asked"], row["answered"], row["late"]
