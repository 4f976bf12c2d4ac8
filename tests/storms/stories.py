"""What processes are killed over: one request each, with what was there before it and what must come of it in the end.

A story is `played` by a process that may die at any boundary of it, and then by another one `again`, as the shop or the
payer who heard nothing would do. `ends` is what that one may hear when everything is cleared up.
"""

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC

from ippgateway.core.money import currency
from ippgateway.core.secret import Secret
from ippgateway.domains.checkouts import service as checkouts
from ippgateway.domains.checkouts.schemas import CheckoutRef, NewCheckout, TransactionType
from ippgateway.domains.companies import service as companies
from ippgateway.domains.idempotency import service as idempotency
from ippgateway.domains.idempotency.errors import NothingDone
from ippgateway.domains.notifications import service as notifications
from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.errors import ActionRefused
from ippgateway.domains.payments.ports import Authenticated, Authentication, ChallengeBegun, ChallengeResult
from ippgateway.domains.payments.schemas import Browser, CardEntry, Method, Target, Wanted
from ippgateway.domains.payments.service import Asked, people
from ippgateway.privacy.platform import Platform
from ippsandbox.cards import DEMO_CARDS

from .path import LEASE_S, Path, Planted

VISA = "approve_visa"
HUNDREDTHS = 60_000
_BROWSER = Browser(user_agent=Secret("storm"), accept=Secret("*/*"), language="da", ip=Secret("192.0.2.1"))


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where stories happen: a company that authorises, one that sells, and the shops' addresses."""

    company_id: str
    seller_id: str
    shop_url: str
    broken_url: str


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What a story finds. `payment_id`: of a payment that was made before, for a renewal of the one that stored the
    card."""

    company_id: str
    key: str
    card: str = VISA
    checkout_id: str = ""
    person_id: str = ""
    payment_id: str = ""
    action_id: str = ""
    notification_id: str = ""


Play = Callable[[Path, Scene], Awaitable[str]]
Arrange = Callable[[Path, Place, str], Awaitable[Scene]]


@dataclass(frozen=True, kw_only=True)
class Story:
    """See the module."""

    name: str
    arrange: Arrange
    play: Play
    again: Play
    ends: frozenset[str]


# --- before ---


async def company(console: Platform) -> str:
    """A shop of its own; its id."""
    wanted = companies.NewCompany(
        id=console.ids.new(), partner_id=console.ids.new(), name="Shop", key1=Secret(console.ids.letters(42)),
        key2=Secret(console.ids.letters(14)), merchant_number="IPP000000000001", mcc="5999",
    )  # fmt: skip
    await companies.add(console, wanted)
    return wanted.id


async def checkout(path: Path, company_id: str, **about: object) -> CheckoutRef:
    """A checkout over 600.00 kroner."""
    made = await checkouts.create(path.gateway.platform, company_id=company_id, order=_order(**about))
    return await checkouts.find(path.gateway.platform, checkout_id=made.checkout_id.open(), cryptogram=None)


def _order(**about: object) -> NewCheckout:
    told = {"amount_text": str(HUNDREDTHS), "amount_hundredths": HUNDREDTHS, "currency": currency("DKK")}
    return NewCheckout(**{**told, **about})  # type: ignore[arg-type]


def unpaid(card: str = VISA, *, seller: bool = False, **about: object) -> Arrange:
    """A checkout that nobody paid yet."""

    async def arrange(path: Path, place: Place, key: str) -> Scene:
        company_id = place.seller_id if seller else place.company_id
        made = await checkout(path, company_id, notify_url=place.shop_url, **about)
        return Scene(company_id=company_id, key=key, card=card, checkout_id=made.id, person_id=made.person_id)

    return arrange


def paid(card: str = VISA, *, captured: bool = False, to: str = "shop_url") -> Arrange:
    """A payment that was approved, and perhaps captured."""

    async def arrange(path: Path, place: Place, key: str) -> Scene:
        made = await checkout(path, place.company_id, notify_url=getattr(place, to), order_id="Storm")
        done = await payments.authorise(path.gateway, checkout=made, card=entry(card), browser=_BROWSER)
        assert done.result == "ACK"
        scene = Scene(company_id=place.company_id, key=key, card=card, checkout_id=made.id, person_id=made.person_id,
                      payment_id=done.payment_id, action_id=done.action_id)  # fmt: skip
        if captured:
            await act(path, scene, Method.CAPTURE, f"{key} before")
        return scene

    return arrange


async def _stored(path: Path, place: Place, key: str) -> Scene:
    first = await checkout(path, place.company_id, store_card=True)
    done = await payments.authorise(path.gateway, checkout=first, card=entry(VISA), browser=_BROWSER)
    fresh = await checkout(path, place.company_id, notify_url=place.shop_url)
    return Scene(company_id=place.company_id, key=key, checkout_id=fresh.id, person_id=fresh.person_id,
                 payment_id=done.payment_id)  # fmt: skip


def _owed(to: str = "shop_url") -> Arrange:
    async def arrange(path: Path, place: Place, key: str) -> Scene:
        scene = await paid(to=to)(path, place, key)
        rows = await notifications.listed(path.gateway.platform, company_id=scene.company_id)
        owed = next(row for row in rows if row.payment_id == scene.payment_id)
        return Scene(company_id=scene.company_id, key=key, checkout_id=scene.checkout_id, person_id=scene.person_id,
                     payment_id=scene.payment_id, notification_id=owed.id)  # fmt: skip

    return arrange


# --- what is done ---


def entry(card: str) -> CardEntry:
    """A payer's card."""
    return CardEntry(holder=Secret("Card Holder"), number=Secret(DEMO_CARDS[card]), month=12, year=2030,
                     security_code=Secret("123"))  # fmt: skip


def _ref(scene: Scene) -> CheckoutRef:
    return CheckoutRef(
        company_id=scene.company_id, id=scene.checkout_id, authenticated=False, person_id=scene.person_id
    )


async def authorise(path: Path, scene: Scene) -> str:
    """Pay the checkout."""
    done = await payments.authorise(path.gateway, checkout=_ref(scene), card=entry(scene.card), browser=_BROWSER)
    return done.result


async def _rebill(path: Path, scene: Scene) -> str:
    return (await payments.rebill(path.gateway, checkout=_ref(scene), reference_id=scene.payment_id)).result


async def _secure(path: Path, scene: Scene) -> str:
    done = await payments.secure(path.gateway, checkout=_ref(scene), card=entry(scene.card), browser=_BROWSER)
    return "NOK" if done.refused else "COMPLETED"


async def _secure_and_pay(path: Path, scene: Scene) -> str:
    await _secure(path, scene)
    return await authorise(path, scene)


async def _challenge_and_pay(path: Path, scene: Scene) -> str:
    """The payer is asked, confirms, and pays; the page looks before and after."""
    g, ref = path.gateway, _ref(scene)
    await payments.present(g, ref)
    await payments.standing_result(g.platform, ref)
    await checkouts.agree(g.platform, ref, version="storm")
    told = await payments.secure(g, checkout=ref, card=entry(scene.card), browser=_BROWSER)
    if told.challenge_url is not None:
        begun = await payments.begin_challenge(g, told.challenge_url.rpartition("/")[2])
        assert isinstance(begun, ChallengeBegun)
        known = begun.transaction_id
        proof = Authentication(eci="05", value=Secret("AAABBBCCCDDDEEEFFFGGGHHHIII="), version="2.2.0",
                               ds_transaction_id=known)  # fmt: skip
        vouched = Authenticated(authentication=proof, acs_transaction_id=known)
        await payments.record_result(
            g, ChallengeResult(transaction_id=known, acs_transaction_id=known, ds_transaction_id=known, outcome=vouched)
        )
        await payments.step_ended(g.platform, checkout=ref)
    return await authorise(path, scene)


def _a_moment_later(play: Play) -> Play:
    """Clocks stand still here, but of two results of 3-D Secure the newer one counts."""

    async def later(path: Path, scene: Scene) -> str:
        path.clock.advance(1)
        return await play(path, scene)

    return later


async def act(path: Path, scene: Scene, method: Method, key: str) -> str:
    """An action over 100.00, or a void, with an idempotency key, as the contract's face does it."""
    hundredths = None if method is Method.VOID else 10_000
    target = Target(payment_id=scene.payment_id, action_id=None)

    async def run(request_id: str) -> idempotency.Said:
        try:
            done = await payments.act(path.gateway, Asked(company_id=scene.company_id, method=method, target=target,
                                                          hundredths=hundredths, request_id=request_id))  # fmt: skip
        except ActionRefused:
            return idempotency.Said(text="NOK", final=True)
        return idempotency.Said(text=done.result.value, final=done.result != "WAIT")

    request = idempotency.Keyed(company_id=scene.company_id, scope=f"storm.{method.value}", key=key,
                                body={"id": scene.payment_id, "amount": str(hundredths)})  # fmt: skip
    return await idempotency.once(path.gateway.platform, request, run)


async def _refused(path: Path, scene: Scene) -> str:
    """A request with a key that is refused before it has any effect."""

    async def run(_: str) -> idempotency.Said:
        raise NothingDone

    request = idempotency.Keyed(company_id=scene.company_id, scope="storm.refused", key=scene.key, body={})
    with contextlib.suppress(NothingDone):
        await idempotency.once(path.gateway.platform, request, run)
    return "refused"


def acting(method: Method) -> Play:
    """The same as a play."""
    return lambda path, scene: act(path, scene, method, scene.key)


def then_recovered(first: Play, *hearings: str, after_s: float = 0) -> Play:
    """The first, and rounds of the recovery; `hearings` is what becomes of the messages of each."""

    async def play(path: Path, scene: Scene) -> str:
        path.hearing.how = hearings[0]
        said = "nothing"
        with contextlib.suppress(Planted):
            said = await first(path, scene)
        for each in hearings[1:]:
            path.hearing.how = each
            path.clock.advance(after_s)
            await path.recovery.once()
        return said

    return play


async def _made(path: Path, scene: Scene) -> str:
    await checkout(path, scene.company_id, payer_email=f"{scene.key}@example.org", payer_name="Storm")
    return "made"


async def _deliver(path: Path, scene: Scene) -> str:
    owed = {"company_id": scene.company_id, "notification_id": scene.notification_id}
    return (await notifications.deliver(await path.working(), path.sender, **owed)).name


async def _postpone(path: Path, scene: Scene) -> str:
    await notifications.postpone(
        await path.working(), company_id=scene.company_id, notification_id=scene.notification_id
    )  # fmt: skip
    return "postponed"


async def _sweep(path: Path, scene: Scene) -> str:
    path.clock.advance(LEASE_S)
    await notifications.ring_again(await path.working())
    return "rung"


async def _read(path: Path, scene: Scene) -> str:
    p, company_id = path.gateway.platform, scene.company_id
    await payments.actions(p, company_id=company_id, methods=None, result=None, earliest=None, latest=None,
                           payment_id=scene.payment_id)  # fmt: skip
    await payments.detail(p, company_id=company_id, action_id=scene.action_id)
    await payments.stored_cards(p, company_id=company_id, result=None)
    await notifications.listed(p, company_id=company_id)
    await payments.browse(p, company_id=company_id, wanted=Wanted(), count=1)
    await payments.totals(p, company_id=company_id, since=path.clock.now(), zone=UTC, test=False)
    await payments.attention(p, company_id=company_id)
    await payments.story(p, company_id=company_id, payment_id=scene.payment_id)
    await people.owes(p, company_id)
    return (await payments.status(p, payment_id=scene.payment_id, payment_key=None, company_id=company_id)).result


# --- the stories ---

ACK, NOK, EITHER = frozenset({"ACK"}), frozenset({"NOK"}), frozenset({"ACK", "NOK"})
_ANY = frozenset({"DELIVERED", "NOT_DUE", "FAILED", "AGAIN"})


def _story(
    name: str, arrange: Arrange, play: Play, ends: frozenset[str], again: Play | None = None
) -> Story:  # fmt: skip
    return Story(name=name, arrange=arrange, play=play, again=again or play, ends=ends)


def _action(name: str, method: Method, ends: frozenset[str], arrange: Arrange, *hearings: str) -> Story:
    again = acting(method)
    return _story(name, arrange, then_recovered(again, *hearings, after_s=1) if hearings else again, ends, again)


STORIES = (
    _story("a checkout", unpaid(), _made, frozenset({"made"})),
    _story("3-D Secure", unpaid(), _secure, ACK, _secure_and_pay),
    _story("no 3-D Secure", unpaid(transaction_type=TransactionType.MOTO), _secure, ACK, _secure_and_pay),
    _story("the payer is asked", unpaid("challenge"), _challenge_and_pay, ACK, _a_moment_later(_challenge_and_pay)),
    _story("approved", unpaid(), authorise, ACK),
    _story("sold", unpaid(seller=True), authorise, ACK),
    _story("declined", unpaid("decline_do_not_honour"), authorise, NOK),
    _story("not sent", unpaid(), then_recovered(authorise, "unsent"), ACK, authorise),
    _story("reversed", unpaid(), then_recovered(authorise, "deaf", "heard"), ACK, authorise),
    _story("a sale reversed", unpaid(seller=True), then_recovered(authorise, "deaf", "heard"), ACK, authorise),
    _story("silent for long", unpaid(), then_recovered(authorise, "deaf", "deaf", "heard", after_s=2), ACK, authorise),
    _story("left behind", unpaid(), then_recovered(authorise, "broken", "heard", after_s=2 * LEASE_S), ACK, authorise),
    _story("renewed", _stored, _rebill, ACK),
    _action("captured", Method.CAPTURE, ACK, paid()),
    _action("refunded", Method.REFUND, ACK, paid(captured=True)),
    _action("voided", Method.VOID, ACK, paid(captured=True)),
    _action("raised", Method.INCREMENTAL, EITHER, paid()),
    _action("no capture", Method.CAPTURE, NOK, paid("capture_refused")),
    _action("no refund", Method.REFUND, NOK, paid("refund_refused", captured=True)),
    _action("no raise", Method.INCREMENTAL, NOK, paid("increment_declined")),
    _action("a capture unheard", Method.CAPTURE, ACK, paid(), "deaf", "heard"),
    _action("a refund unheard", Method.REFUND, ACK, paid(captured=True), "deaf", "heard"),
    _action("a void unheard", Method.VOID, ACK, paid(), "deaf", "heard"),
    _action("a raise unheard", Method.INCREMENTAL, EITHER, paid(), "deaf", "heard"),
    _story("told", _owed(), _deliver, _ANY),
    _story("told in vain", _owed("broken_url"), _deliver, _ANY),
    _story("told later", _owed(), _postpone, frozenset({"postponed"})),
    _story("alarms set again", _owed(), _sweep, frozenset({"rung"})),
    _story("looked at", paid(), _read, ACK),
    _story("refused at once", paid(), _refused, frozenset({"refused"})),
)
"""All of them; together they come to every boundary."""
