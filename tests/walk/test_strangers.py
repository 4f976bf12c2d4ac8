"""Every way into every face, walked by those who have no business there, with somebody's very ids: nothing of the
owner's comes back, and nothing of the owner's is changed.

The routes are read from the faces' own tables. A route whose parameter nobody has an id for fails the walk, and so does
a part of the payer's pages that is not walked.
"""

from collections.abc import Iterator, Mapping
from urllib.parse import quote_plus, urlencode

import pytest
from owner import CANARY, COLLEAGUE, Owner
from walker import STRANGER, Answer, Walker

from ippgateway.domains.accounts.rights import ROLES
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.faces.classic.table import TABLE
from ippgateway.faces.console.routes import ROUTES as CONSOLE
from ippgateway.faces.desk.routes import ROUTES as DESK
from ippgateway.faces.mine.paths import PARTS as MINE_PARTS
from ippgateway.faces.mine.paths import PURCHASE, UNSUBSCRIBE
from ippgateway.faces.pay.app import PARTS
from ippgateway.faces.shell.routes import Route, Who

FACES: dict[str, tuple[Route, ...]] = {"console": CONSOLE, "desk": DESK}
TURNED_AWAY = {401, 403, 404}
DOORS = ("/sign-in", "/sign-in/factor", "/sign-in/again", "/account/security")

OWNED = {"payment_id", "user_id", "policy_id", "key_id", "company_id", "factor_id", "program_id", "session_id",
         "request_id", "tenant_id"}  # fmt: skip
"""Parameters that name somebody's own: whoever is somebody else is turned away from all of them."""
OTHERWISE = {
    "emergency_id": "Emer-gen-cy1",
    "breach_id": "Brea-chb-rea1",
    "notice_id": "Noti-ceno-tice",
    "file_id": "File-fil-efi1",
    "which": "1",
    "hold_id": "held-held-held",
    "case_id": "Case-case-case",
    "ticket": "0123456789abcdefghij" * 2,
    "request_id": "Requ-est-req1",
    "tenant_id": "Tena-nt1-ten1",
    "way": "closure",
}
"""Parameters that name nobody's: a choice of the page's, a secret that was never given out."""

PAYERS: dict[str, tuple[str, ...]] = {
    "": ("/?checkout_id={payment_id}", "/?checkout_id={payment_id}&cryptogram={transaction}"),
    "pay.js": ("/pay.js?checkout_id={payment_id}",),
    "pay": ("/pay/receipt?transaction_id={payment_id}&transaction_key={transaction}", "/pay/{payment_id}"),
    "challenge": ("/challenge/{payment_id}", "/challenge/return"),
    "3ds": ("/3ds/result", "/3ds/{payment_id}"),
}
"""What a stranger tries at each part of the payer's pages, with a payment's id and a key that is not its own."""
SITE = ("/", "/en", "/da", "/{payment_id}")
MINES: dict[str, tuple[str, ...]] = {
    PURCHASE: (f"/{PURCHASE}", f"/{PURCHASE}?transaction_id={{payment_id}}&transaction_key={{transaction}}"),
    "": ("/", "/company/data"),
    "link": ("/link/{ticket}", "/link/{payment_id}", "/link"),
    "held": ("/held", "/held/{payment_id}"),
    UNSUBSCRIBE: (f"/{UNSUBSCRIBE}/{{ticket}}", f"/{UNSUBSCRIBE}/{{payment_id}}", f"/{UNSUBSCRIBE}"),
}
"""What a stranger tries at each part of the people's page."""


def filled(route: Route, ids: Mapping[str, str]) -> str:
    """The route's path with the owner's ids. Fails for a parameter that the walk does not know."""
    path = route.path
    for name in route.parameters:
        value = ids[name] if name in OWNED and name in ids else OTHERWISE.get(name)
        assert value is not None, f"{route.path}: say in this walk what a stranger puts in {name}"
        path = path.replace(f"{{{name}}}", value)
    return path


def steps(ids: Mapping[str, str]) -> Iterator[tuple[str, Route, str, str]]:
    """Face, route, method and path of every way in."""
    for face, routes in FACES.items():
        for route in routes:
            of = {**ids, "user_id": ids["staff_id"]} if face == "desk" and route.path.startswith("/staff") else ids
            for method in route.methods:
                yield face, route, method, filled(route, of)


def keeps(answer: Answer, where: str, *, colleague: bool = False) -> None:
    """Nothing of the owner's is in it; colleagues may see who works here."""
    low = answer.text.lower()
    for canary in (CANARY, *(() if colleague else (COLLEAGUE,))):
        assert canary not in low, f"{where} tells what is not the asker's"
        assert quote_plus(canary) not in low, where


def led_away(answer: Answer) -> bool:
    return answer.status in TURNED_AWAY or (answer.status == 303 and answer.location.startswith(DOORS))


def fields(ids: Mapping[str, str]) -> dict[str, str]:
    """What a form could name: the owner's ids under every name."""
    return {**{name: ids[name] for name in ids}, "access": ids["policy_id"], "role": "administrator", "days": "30",
            "id": ids["company_id"], "amount": "1.00", "key": "a" * 24, "overlap": "0", "confirmed": "1",
            "widget": "on", "right": "users", "payers_contact": "stranger@example.org"}  # fmt: skip


async def test_nobody_gets_past_a_door(walker: Walker, owner: Owner) -> None:
    before = await owner.state()
    for face, route, method, path in steps(owner.ids):
        answer = await walker.ask(face, method, path, fields=fields(owner.ids) if method == "POST" else None)
        where = f"{method} {face} {path}"
        keeps(answer, where)
        if route.who is not Who.ANYONE:
            assert answer.status == 303, where
            assert answer.location.startswith("/sign-in"), where
    assert await owner.state() == before


@pytest.mark.parametrize("who", ["company", "partner", "public"])
async def test_another_tenant_with_every_right_gets_nothing_of_the_owners(
    walker: Walker, owner: Owner, who: str
) -> None:  # fmt: skip
    before = await owner.state()
    for face, route, method, path in steps(owner.ids):
        if face != "console":
            continue
        answer = await walker.ask(face, method, path, who=who, fields=fields(owner.ids) if method == "POST" else None)
        where = f"{method} {path} as another {who}"
        keeps(answer, where)
        if set(route.parameters) & OWNED or (Audience(who) not in route.audiences and route.who is not Who.ANYONE):
            assert answer.status == 404, f"{where}: {answer.status}"
        elif method == "GET" and not route.parameters:
            assert answer.status in {200, 303}, (
                f"{where}: {answer.status}: the walk's own session must open what is its own"
            )
    assert await owner.state() == before


@pytest.mark.parametrize("who", ["company", "partner", "public"])
async def test_no_customer_is_anybody_at_the_desk(walker: Walker, owner: Owner, who: str) -> None:
    for face, route, method, path in steps(owner.ids):
        if face == "desk" and route.who is not Who.ANYONE:
            answer = await walker.ask(face, method, path, who=who, fields=fields(owner.ids))
            keeps(answer, path)
            assert answer.status == 303, path
            assert answer.location.startswith("/sign-in"), path


@pytest.mark.parametrize("who", ["support", "compliance"])
async def test_staff_open_what_their_role_opens_and_no_customers_console(
    walker: Walker, owner: Owner, who: str
) -> None:  # fmt: skip
    before = await owner.state()
    rights = set(ROLES[who].rights)
    for face, route, method, path in steps(owner.ids):
        answer = await walker.ask(face, method, path, who=who, fields=fields(owner.ids) if method == "POST" else None)
        where = f"{method} {face} {path} as {who}"
        keeps(answer, where, colleague=face == "desk" and route.right in rights)
        if face == "desk" and route.right is not None and route.right not in rights:
            assert answer.status == 403, where
        if face == "console" and route.who is not Who.ANYONE:
            assert led_away(answer), where
    assert await owner.state() == before


async def test_staff_see_what_is_held_of_them_at_the_desk_and_of_nobody_else(walker: Walker, owner: Owner) -> None:
    answer = await walker.ask("desk", "GET", "/account/data", who="support")
    keeps(answer, "what is held of staff")
    assert answer.status == 200
    assert walker.others["support"].email in answer.text
    assert walker.others["compliance"].email not in answer.text
    # Copies and requests are the console's to answer, which never sees our staff.
    for path in ("/account/data/copy.pdf", "/account/data/copy.json", "/account/data/requests"):
        assert (await walker.ask("desk", "GET", path, who="support")).status == 404, path


@pytest.mark.parametrize("who", ["company", "partner", "keys", "nobody"])
async def test_the_contract_tells_and_does_nothing_of_the_owners(walker: Walker, owner: Owner, who: str) -> None:
    before, ids = await owner.state(), owner.ids
    named = {
        "company_id": ids["company_id"], "id": ids["company_id"], "transaction_id": ids["payment_id"],
        "action_id": ids["action_id"], "update_user_id": ids["user_id"], "update_company_id": ids["company_id"],
        "rule": ids["policy_id"], "access_id": ids["policy_id"], "partner_id": owner.partner_id, "status": "1",
        "checkout_id": ids["payment_id"], "search": "quintus", "password": "Another-password-77", "amount": "1.00",
        "field": "security", "value[key2]": "stolen0000",
    }  # fmt: skip
    for path, endpoint in TABLE.items():
        answer = await walker.plain("POST", f"/{path}", {**named, **walker.wire[who]}, {})
        keeps(answer, f"/{path} as {who}")
        if who == "nobody" and endpoint.built and endpoint.schemes and path != "payments/status":
            assert answer.status in {400, 401, 404}, path
    assert await owner.state() == before


async def test_a_payments_id_opens_none_of_the_payers_pages(walker: Walker, owner: Owner) -> None:
    assert set(PAYERS) == set(PARTS), "a part of the payer's pages is not in this walk"
    before, ids = await owner.state(), {**owner.ids, "transaction": "A1b2C3d4"}
    for path in (path for paths in PAYERS.values() for path in paths):
        for method in ("GET", "POST"):
            answer = await walker.ask("pay", method, path.format(**ids))
            keeps(answer, path)
            assert answer.status < 500, path
    assert await owner.state() == before


async def test_the_site_tells_a_stranger_nothing(walker: Walker, owner: Owner) -> None:
    for path in SITE:
        keeps(await walker.ask("site", "GET", path.format(**owner.ids)), path)


async def test_the_peoples_page_tells_a_stranger_nothing(walker: Walker, owner: Owner) -> None:
    assert set(MINES) == {PURCHASE, *MINE_PARTS}, "a part of the people's page is not in this walk"
    before, ids = await owner.state(), {**owner.ids, "transaction": "A1b2C3d4", **OTHERWISE}
    sent = {"secret": OTHERWISE["ticket"], "email": f"{CANARY}@example.org", "shop": ids["company_id"], "do": "erase",
            "transaction_id": ids["payment_id"], "transaction_key": ids["transaction"]}  # fmt: skip
    for path in (path for paths in MINES.values() for path in paths):
        keeps(await walker.ask("mine", "GET", path.format(**ids)), f"mine{path}")
        stops = {"do": "stop"} if path.startswith(f"/{UNSUBSCRIBE}") else sent
        answer = await walker.ask("mine", "POST", path.format(**ids), fields=stops)
        keeps(answer, f"mine{path}")
        assert path == "/" or answer.status in TURNED_AWAY, path
    assert (await walker.ask("mine", "GET", MINES[PURCHASE][1].format(**ids))).status == 404
    assert await owner.state() == before


async def test_the_walk_itself_sees_a_canary(walker: Walker, owner: Owner) -> None:
    """The owner's payment is there for whoever has its key, so what is not seen elsewhere is not seen for a reason."""
    own = urlencode({"transaction_id": owner.ids["payment_id"], "transaction_key": owner.ids["transaction_key"]})
    shown = await walker.ask("mine", "GET", f"/{PURCHASE}?{own}")
    assert shown.status == 200
    with pytest.raises(AssertionError, match="not the asker's"):
        keeps(shown, "the owner's own page")


def test_a_route_that_the_walk_does_not_know_fails_it() -> None:
    with pytest.raises(AssertionError, match="say in this walk"):
        filled(Route(path="/parcels/{parcel_id}", name="parcel"), {"payment_id": "x"})


def test_everybody_begins_at_a_door() -> None:
    """What lets anybody in is the door itself, and a certificate, which says nothing about anybody."""
    doors = {route.path for routes in FACES.values() for route in routes if route.who is Who.ANYONE}
    assert doors == {"/sign-in", "/forgot", "/reset/{ticket}", "/invite/{ticket}", "/new-email/{ticket}", "/sign-up",
                     "/certificate/{tenant_id}/{request_id}"}  # fmt: skip
    assert STRANGER
