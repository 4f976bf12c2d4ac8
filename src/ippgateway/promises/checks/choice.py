"""Section 7, BASIS-3 and BASIS-8, and section 11, CHOICE-1 and CHOICE-2: who gets which letters, and who decides it."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import asyncpg

from ippgateway.domains.consents import schemas as consents
from ippgateway.domains.consents import states
from ippgateway.domains.consents.schemas import LASTS, Channel, Said
from ippgateway.domains.consents.service import UNSUBSCRIBE
from ippgateway.domains.mail import schemas as mail
from ippgateway.domains.mail.letters import Kind
from ippgateway.domains.mail.states import LEASE
from ippgateway.domains.mail.words import NEWS_SIGNED, RIGHTS_SIGNED, SIGNED, WORDINGS
from ippgateway.privacy.catalogue import ACCOUNT, CONSENT, MAIL, MAIL_TERM, NEWS
from ippgateway.privacy.declare import MAIN
from ippgateway.privacy.vocabulary import Basis
from ippgateway.privacy.zones import RIGHTS, Zone, purpose_role
from ippgateway.promises.checks import post
from ippgateway.promises.context import Context
from ippgateway.promises.finding import CannotCheck, Finding, Surface, judge
from ippgateway.promises.looking import differences, everybody, fields, in_one_line, not_demanded

_MOST = 5_000

# --- BASIS-3 ---

_DEMANDED = ("said <> 'given' or text_digest is not null",)
_NEVER_EMPTY = {
    "consent": ("created_at", "said", "purpose", "channel", "how", "who_code"),
    "consent_text": ("version", "language", "text"),
}
_AGREEING, _LED_ON, _SIGN_IN = "account/news", 303, "/sign-in"


async def marketing_needs_a_yes(context: Context) -> Finding:
    """BASIS-3: marketing rests on consent alone; each yes is kept with when, how and the very text that was shown,
    nobody can change a line of it, and a no needs nothing and counts from that moment."""
    marketing = {p for field in fields(context) for p in field.said.uses if p.fideslang.startswith("marketing")}
    marketing |= set(consents.MARKETING)
    faults = [f"{p.key} is marketing without consent" for p in marketing if p.basis is not Basis.CONSENT]
    faults += _counted_otherwise()
    faults += await not_demanded(context, Zone.CONSOLE, "consent", _DEMANDED)
    faults += await _may_be_empty(context)
    faults += await differences(context)
    answer = await context.ask(_AGREEING, None, "console")
    if answer.status != _LED_ON or not answer.headers.get("location", "").startswith(_SIGN_IN):
        faults.append(f"the page that takes a yes or a no answers a stranger with {answer.status}")
    given, taken_back, unproven, altered = await _proofs(context)
    faults += [f"of {unproven} consents nobody can show the text"] if unproven else []
    faults += [f"{altered} texts are not those that were shown"] if altered else []
    return judge(
        faults=faults,
        proof=f"marketing, {len(marketing)} of all purposes, rests on consent; {given + taken_back} answers are on "
        f"record with when and how, {given} of them a yes; the database takes no yes without its text and its version "
        "of the policy, lets nobody change a line, not even its owner, and each text is still the one that was shown; "
        f"the last word counts, a yes for {LASTS.days} days; one page takes both, and a letter's link takes a no",
        surfaces=(Surface.DECLARATIONS, Surface.CONSOLES, Surface.MAIN_DATABASE),
    )


_MOMENT = datetime(2026, 3, 1, tzinfo=UTC)
_LATER = _MOMENT + timedelta(seconds=1)
_EXAMPLES: tuple[tuple[str, tuple[tuple[datetime, Said], ...], datetime, bool], ...] = (
    ("silence", (), _LATER, False),
    ("a yes", ((_MOMENT, Said.GIVEN),), _LATER, True),
    ("a yes that was taken back", ((_MOMENT, Said.GIVEN), (_LATER, Said.WITHDRAWN)), _LATER, False),
    ("a yes and an objection at once", ((_MOMENT, Said.GIVEN), (_MOMENT, Said.OBJECTED)), _LATER, False),
    ("a yes after a no", ((_MOMENT, Said.OBJECTED), (_LATER, Said.GIVEN)), _LATER, True),
    ("a yes of long ago", ((_MOMENT, Said.GIVEN),), _MOMENT + LASTS, False),
)


def _counted_otherwise() -> list[str]:
    return [
        f"{what} counts as {'no' if counts else 'a yes'}"
        for what, said, now, counts in _EXAMPLES
        if states.standing(said, now=now) is not counts
    ]


async def _may_be_empty(context: Context) -> list[str]:
    async with context.connect(Zone.CONSOLE, MAIN) as connection:
        rows = await connection.fetch(
            "select c.relname, a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid "
            "where c.relnamespace = 'ipp'::regnamespace and a.attnotnull"
        )
    kept = {(row["relname"], row["attname"]) for row in rows}
    return [f"{table}.{column} may be left out of the proof" for table, columns in _NEVER_EMPTY.items()
            for column in columns if (table, column) not in kept]  # fmt: skip


async def _proofs(context: Context) -> tuple[int, int, int, int]:
    """How often somebody said yes, and no; how many of the former have lost their text; texts that are others."""
    async with context.under(Zone.CONSOLE, CONSENT) as tx:
        row = await tx.fetchrow(
            "select count(*) filter (where said = 'given') as given, "
            "count(*) filter (where said <> 'given') as taken_back, "
            "count(*) filter (where said = 'given' and t.digest is null) as unproven "
            "from ipp.consent c left join ipp.consent_text t on t.digest = c.text_digest"
        )
        texts = await tx.fetch(
            f"select digest, version, language, text from ipp.consent_text order by created_at desc limit {_MOST}"
        )
    if row is None:
        raise CannotCheck("the consents could not be counted")
    altered = sum(text["digest"] != _digest(text) for text in texts)
    return row["given"], row["taken_back"], row["unproven"], altered


def _digest(text: asyncpg.Record) -> bytes:
    """By which a text is kept: found out here once more, and not by the code that keeps it."""
    return sha256("\0".join((text["version"], text["language"], text["text"])).encode()).digest()


# --- BASIS-8 ---


async def notices_are_no_marketing(context: Context) -> Finding:
    """BASIS-8: what people have to know of changes and of security goes to them whatever they said about marketing, and
    holds none."""
    notices = [kind for kind in Kind if kind not in mail.MARKETING]
    faults = ["notices of a change to the policy count as marketing"] if Kind.POLICY_CHANGED not in notices else []
    faults += ["mail that people must have rests on their consent"] if MAIL.basis is Basis.CONSENT else []
    for kind, language, letter in post.every_letter(context):
        text = in_one_line(letter.text)
        if kind in notices and not any(
            in_one_line(getattr(each, language)) in text for each in (SIGNED, RIGHTS_SIGNED)
        ):
            faults.append(f"the letter {kind.value} in {language} does not say that it never advertises")
        if kind in notices and post.STOP in text:
            faults.append(f"the letter {kind.value} in {language} can be stopped as marketing can")
    async with context.under(Zone.CONSOLE, ACCOUNT, tenants=await everybody(context)) as tx:
        row = await tx.fetchrow(
            "select count(*) as written, count(*) filter (where state = 'VOID') as void from ipp.letter "
            "where kind = any ($1::text[])",
            [kind.value for kind in notices],
        )
    if row is None:
        raise CannotCheck("the letters could not be counted")
    faults += [f"{row['void']} notices did not go because of what somebody said"] if row["void"] else []
    return judge(
        faults=faults,
        proof=f"{len(notices)} kinds of letters tell of accounts, of security and of changes to the policy; each says "
        f"that it never advertises, and none rests on consent; of {row['written']} in the last {MAIL_TERM.days} days "
        "none was kept back for what somebody said about marketing",
        missing="a status page, and notices of disruptions and security updates",
        surfaces=(Surface.LETTERS, Surface.MAIN_DATABASE),
    )


# --- CHOICE-1 ---


async def marketing_goes_to_whoever_said_yes(context: Context) -> Finding:
    """CHOICE-1: each letter of marketing that went had a yes that stood at that moment; what advertises counts as
    marketing, and the process that sends can ask."""
    faults = _counted_otherwise()
    faults += [f"the letter {kind.value} advertises and is not marketing" for kind in Kind
               if WORDINGS[kind].signed is NEWS_SIGNED and kind not in mail.MARKETING]  # fmt: skip
    faults += ["the process that sends can't ask for a yes"] if NEWS not in RIGHTS[Zone.WORKER].purposes else []
    faults += ["letters of news do not rest on consent"] if NEWS.basis is not Basis.CONSENT else []
    for kind in mail.MARKETING:
        became = await post.dispatched(context, kind, "en", stop=None)
        if became.handed is not None or not became.asked:
            faults.append(f"the letter {kind.value} is sent whatever its reader said")
    went = await _sent(context)
    said = await _said(context, sorted({person for _, person, _ in went}))
    unasked = sum(not _stood(said.get((tenant, person), []), at) for tenant, person, at in went)
    faults += [f"{unasked} letters of marketing went to somebody who had not said yes"] if unasked else []
    return judge(
        faults=faults,
        proof=f"of {len(Kind)} kinds of letters {len(mail.MARKETING)} is marketing; a made-up one, put through the "
        f"function that sends, went nowhere without a yes; {len(went)} such letters of the last {MAIL_TERM.days} days "
        "each went to somebody whose yes stood at that moment; all others say that they never advertise",
        surfaces=(Surface.LETTERS, Surface.MAIN_DATABASE),
    )


async def _sent(context: Context) -> list[tuple[str, str, datetime]]:
    """Letters of marketing that went: whose tenant, to whom, when."""
    async with context.under(Zone.CONSOLE, ACCOUNT, tenants=await everybody(context)) as tx:
        rows = await tx.fetch(
            "select tenant_id, person_id, sent_at from ipp.letter where kind = any ($1::text[]) and state = 'SENT' "
            f"order by sent_at desc limit {_MOST}",
            [kind.value for kind in mail.MARKETING],
        )
    return [(row["tenant_id"], row["person_id"], row["sent_at"]) for row in rows]


async def _said(context: Context, persons: list[str]) -> dict[tuple[str, str], list[tuple[datetime, Said]]]:
    """What these people said to news by e-mail."""
    async with context.under(Zone.CONSOLE, CONSENT) as tx:
        rows = await tx.fetch(
            "select tenant_id, person_id, created_at, said from ipp.consent where person_id = any ($1::text[]) "
            "and purpose = $2 and channel = $3",
            persons, NEWS.key, Channel.EMAIL.value,
        )  # fmt: skip
    found: dict[tuple[str, str], list[tuple[datetime, Said]]] = {}
    for row in rows:
        found.setdefault((row["tenant_id"], row["person_id"]), []).append((row["created_at"], Said(row["said"])))
    return found


def _stood(said: list[tuple[datetime, Said]], at: datetime) -> bool:
    """Whether a yes stood when a letter was recorded as sent, or when handing it over began."""
    return any(
        states.standing([(when, each) for when, each in said if when <= moment], now=moment)
        for moment in (at, at - LEASE)
    )


# --- CHOICE-2 ---

_OF_NOBODY = f"{UNSUBSCRIBE}/of-nobody"
_UNKNOWN, _UNREADABLE = 404, 400
_CALLERS: tuple[tuple[str, dict[str, str] | None, int], ...] = (
    ("somebody who opens it", None, _UNKNOWN),
    ("a mail program", {"List-Unsubscribe": "One-Click"}, _UNKNOWN),
    ("another form", {"do": "look"}, _UNREADABLE),
)


async def one_click_stops_it(context: Context) -> Finding:
    """CHOICE-2: each letter of marketing has the header and the link that stop it; they need no sign-in and no cookie,
    and what waits to be sent is void at once. The link that is tried here is nobody's."""
    faults = await _unstoppable(context)
    for who, form, status in _CALLERS:
        answer = await context.ask(_OF_NOBODY, form, "mine")
        if answer.status != status or "location" in answer.headers or "set-cookie" in answer.headers:
            faults.append(f"the page of a letter's link answers {who} with {answer.status}, or knows them afterwards")
    async with context.connect(Zone.CONSOLE, MAIN) as connection:
        role = purpose_role(context.role_prefix, CONSENT)
        faults += [
            f"whoever takes a no can't change {column} of what waits to be sent"
            for column in ("state", "next_at", "told")
            if not await connection.fetchval(
                "select has_column_privilege($1, 'ipp.letter', $2, 'update')", role, column
            )
        ]
    waiting, stopped = await _waiting(context)
    faults += [f"{stopped} letters wait to be sent to somebody who said no"] if stopped else []
    return judge(
        faults=faults,
        proof=f"each letter of marketing ({len(mail.MARKETING)} kind) carries in both languages a link and the header "
        "of RFC 8058 by which a mail program stops it with one click; the page behind them asks for no sign-in, sets "
        f"no cookie and changes nothing when it is only opened; of {waiting} that wait to be sent none is for somebody "
        "who said no",
        surfaces=(Surface.LETTERS, Surface.OWN_PAGES, Surface.MAIN_DATABASE),
    )


async def _unstoppable(context: Context) -> list[str]:
    """What is wrong with letters of marketing as they would be handed to a mail server."""
    found = [] if mail.MARKETING else ["no kind of letter counts as marketing"]
    for kind in mail.MARKETING:
        for language in post.LANGUAGES:
            handed = (await post.dispatched(context, kind, language, stop=post.STOP)).handed
            if handed is None:
                found.append(f"the letter {kind.value} in {language} does not go at all")
                continue
            if post.STOP not in handed.text.open():
                found.append(f"the letter {kind.value} in {language} has no link that stops it")
            made = post.as_sent(context, handed)
            if made["List-Unsubscribe"] != f"<{post.STOP}>" or made["List-Unsubscribe-Post"] != _POSTED:
                found.append(f"the letter {kind.value} in {language} has no header that stops it")
    return found


_POSTED = "List-Unsubscribe=One-Click"


async def _waiting(context: Context) -> tuple[int, int]:
    """Letters of marketing that wait to be sent; those of them whose reader's last word is a no."""
    async with context.under(Zone.CONSOLE, CONSENT, tenants=await everybody(context)) as tx:
        rows = await tx.fetch(
            "select tenant_id, person_id from ipp.letter where kind = any ($1::text[]) and state = 'DUE' "
            f"limit {_MOST}",
            [kind.value for kind in mail.MARKETING],
        )
    said = await _said(context, sorted({row["person_id"] for row in rows}))
    last = (max(lines)[1] for row in rows if (lines := said.get((row["tenant_id"], row["person_id"]))))
    return len(rows), sum(each is not Said.GIVEN for each in last)
