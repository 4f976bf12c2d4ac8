"""Partners, their customers and strangers over the wire, on the running Platform (wire contract 7.2, 7.4, 7.16, 9.1 to
9.4): nobody reaches another tenant's anything, and a partner comes in by its customer's leave alone."""

import dataclasses
import json
from collections.abc import AsyncIterator, Mapping
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from ippgateway.app.settings import Settings
from ippgateway.app.wiring import platform_for
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.accounts.service import NewUser
from ippgateway.domains.companies import service as companies
from ippgateway.domains.companies.schemas import KeyScope
from ippgateway.domains.partners import service as partners
from ippgateway.faces.classic.face import Scheme
from ippgateway.faces.classic.table import TABLE
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import Zone

from .client import Answer, Client, until

FIRST, OWN, NEXT = "first-Password-1!", "my-own-Password-2!", "another-Password-3!"
_numbers = count(1)


@dataclasses.dataclass
class Tenant:
    """A company or partner, its owner's session, and what it is known by."""

    id: str
    user_id: str
    email: str
    session: dict[str, str]
    keys: dict[str, str]


@pytest.fixture(scope="module")
async def console(installation: Settings) -> AsyncIterator[Platform]:
    """The console zone in this process, to make tenants whose sessions move money."""
    async with platform_for(Zone.CONSOLE, installation) as p:
        yield p


async def tenant(client: Client, p: Platform, who: Audience, partner_id: str = "") -> Tenant:
    """A fresh one; its owner signs in as a program does."""
    email = f"owner{next(_numbers)}@{who.value}-{p.ids.letters(8)}.example".lower()
    made: companies.NewCompany | partners.NewPartner
    if who is Audience.COMPANY:
        made = companies.sandbox_company(p, partner_id=partner_id, name="A shop")
        await companies.add(p, made)
    else:
        made = partners.NewPartner(id=p.ids.new(), name="A partner", key1=Secret(p.ids.letters(42)),
                                   key2=Secret(p.ids.letters(14)))  # fmt: skip
        await partners.add(p, made)
    user_id = await accounts.add(
        p, NewUser(audience=who, tenant_id=made.id, email=email, name="Owner", password=Secret(OWN),
                   for_programs=Secret(FIRST)),
    )  # fmt: skip
    answer = await client.post(f"/{who.value}/login/?", username=email, password=FIRST)
    return Tenant(made.id, user_id, email, dict(answer.performed()),
                  {"key1": made.key1.open(), "key2": made.key2.open()})  # fmt: skip


@dataclasses.dataclass
class World:
    """Two partners with a customer each."""

    ours: Tenant
    theirs: Tenant
    our_shop: Tenant
    their_shop: Tenant


@pytest.fixture
async def world(client: Client, console: Platform) -> World:
    ours, theirs = [await tenant(client, console, Audience.PARTNER) for _ in range(2)]
    our_shop, their_shop = [await tenant(client, console, Audience.COMPANY, each.id) for each in (ours, theirs)]
    return World(ours, theirs, our_shop, their_shop)


async def connect(client: Client, partner: Tenant, shop: Tenant) -> Answer:
    return await client.post("/partner/company/connect/?", partner.session, company_id=shop.id)


async def company_data(client: Client, session: Mapping[str, str]) -> Answer:
    return await client.post("//company/data/?", session)


async def test_a_partner_comes_in_by_leave_and_is_out_when_it_is_taken_back(client: Client, world: World) -> None:
    shop, partner = world.our_shop, world.ours
    assert (await connect(client, partner, shop)).code == 403
    (await client.post("/company/support/?", shop.session, status="1")).performed()
    assert (await connect(client, world.theirs, shop)).code == 403
    inside = dict((await connect(client, partner, shop)).performed())
    data = (await company_data(client, inside)).performed()
    assert (data["id"], data["user"]["id"], data["user"]["email"]) == (shop.id, partner.user_id, partner.email)
    assert data["security"] == {"key1": "not-shown", "key2": "not-shown"}
    assert (await client.post("/company/payments/list/?", inside)).performed() == []
    for path in ("company/users/list", "company/support"):
        assert (await client.post(f"/{path}", inside, status="1")).code == 403
    assert (await client.post("/partner/data/", inside)).code == 401
    (await client.post("/company/support/?", {"company_id": shop.id, **shop.keys}, status="0")).performed()
    assert (await company_data(client, inside)).code == 401
    assert (await connect(client, partner, shop)).code == 403


async def test_a_session_with_a_password_alone_does_not_enter(client: Client, world: World) -> None:
    (await client.post("/company/support/?", world.our_shop.session, status="1")).performed()
    weak = (await client.post("/partner/login/?", username=world.ours.email, password=OWN)).performed()
    answer = await client.post("/partner/company/connect", weak, company_id=world.our_shop.id)
    assert (answer.code, answer.content) == (403, {})


async def test_every_endpoint_keeps_a_stranger_from_another_s_ids(client: Client, world: World) -> None:
    """Every built endpoint that takes a session or key is called with our credentials and their ids. Nothing of theirs
    comes back, and nothing of theirs has changed."""
    before = await _state(client, world)
    their_ids = {
        "company_id": world.their_shop.id, "id": world.their_shop.id, "update_user_id": world.their_shop.user_id,
        "company_user_id": world.their_shop.user_id, "rule": world.their_shop.id, "password": NEXT,
        "email": "evil@stranger.example", "status": "1", "field": "security", "value[key2]": "stolen",
        "compliance_admin": "0", "acquirer_id": "Te5t-Acqu-irer",
    }  # fmt: skip
    walked = 0
    for path, row in sorted(TABLE.items()):
        if not row.built or Scheme.SESSION not in row.schemes:
            continue
        walked += 1
        callers = [world.ours if path.startswith("partner/") else world.our_shop]
        for caller in callers:
            answer = await client.post(f"/{path}", {**their_ids, **_harmless(path), **caller.session})
            text = answer.body.decode()
            for secret in (world.their_shop.id, world.their_shop.email, world.theirs.id, world.theirs.email,
                           *world.their_shop.keys.values(), *world.theirs.keys.values()):  # fmt: skip
                assert secret not in text, path
        for wrong in (world.theirs.session if not path.startswith("partner/") else world.their_shop.session,):
            assert (await client.post(f"/{path}", {**their_ids, **wrong})).code == 401, path
    assert walked >= 30
    assert await _state(client, world) == before


def _harmless(path: str) -> dict[str, str]:
    """Without what would rightly change the caller's own."""
    return {"field": "none"} if path == "company/data/update" else {}


async def _state(client: Client, world: World) -> Any:
    """What their side looks like to itself."""
    shop, partner = world.their_shop, world.theirs
    told = [
        (await company_data(client, shop.session)).performed(),
        (await client.post("/company/users/list", shop.session)).performed(),
        (await client.get("/company/users/access_policy/list", **shop.session)).performed(),
        (await client.post("/partner/data", partner.session)).performed(),
        (await client.post("/partner/list/users", partner.session)).performed(),
        (await client.post("/partner/list/company", partner.session)).performed(),
        (await client.post("/company/login", username=shop.email, password=FIRST)).code,
        (await connect(client, partner, shop)).code,
    ]
    return json.loads(json.dumps(told))


async def test_a_user_of_one_right_can_do_that_and_no_more(client: Client, world: World) -> None:
    shop = world.our_shop
    (await client.post("/company/users/access_policy/add/?", shop.session, name="Viewer",
                       rules="Rg01-view-pays")).performed()  # fmt: skip
    rules = (await client.get("/company/users/access_policy/list/", **shop.session)).performed()["company_rules"]
    (policy,) = rules
    assert rules[policy] == {"name": "Viewer", "rights": ["Rg01-view-pays"]}
    email = f"viewer.{shop.email}"
    user_id = (await client.post("/company/users/add/?", shop.session, name="Vera", email=email, phone="",
                                 password="eight888", access_id="")).performed()["user_id"]  # fmt: skip
    await _performed(client, "/company/users/update/access_policy/?", shop.session, update_user_id=user_id, rule=policy)
    listed = (await client.post("/company/users/list/?", shop.session)).performed()
    assert {"id": user_id, "email": email, "admin": "No", "access": {"id": policy}} in listed
    viewer = dict((await client.post("/company/login/", username=email, password="eight888")).performed())
    data = (await company_data(client, viewer)).performed()
    assert (data["user"]["acccess_rights"], data["security"]["key2"]) == (["Rg01-view-pays"], "not-shown")
    assert (await client.post("/company/payments/list", viewer)).performed() == []
    for path in ("company/users/list", "company/support", "company/data/update", "company/payments/refund"):
        assert (await client.post(f"/{path}", viewer, status="1", field="meta")).code == 403
    for path in ("company/users/close", "company/users/password/reset"):
        assert (await client.post(f"/{path}", viewer, update_user_id=shop.user_id, password=NEXT)).code == 403
    await _performed(client, "/company/users/password/reset", viewer, update_user_id=user_id, password=NEXT)
    assert (await company_data(client, viewer)).performed()["user"]["password"]["new"] is False
    await _performed(client, "/company/users/close/?", shop.session, update_user_id=user_id)
    assert (await company_data(client, viewer)).code == 401
    assert (await client.post("/company/login/", username=email, password=NEXT)).code == 4020
    assert user_id not in {row["id"] for row in (await client.post("/company/users/list", shop.session)).performed()}


async def test_the_last_one_who_manages_users_stays(client: Client, world: World) -> None:
    shop = world.our_shop
    answer = await client.post("/company/users/close/?", shop.session, update_user_id=shop.user_id)
    assert (answer.code, (await company_data(client, shop.session)).code) == (409, 200)


async def test_a_partner_brings_in_a_company_that_takes_over(client: Client, world: World) -> None:
    partner, email = world.ours, f"new.{world.our_shop.email}"
    made = (await client.post("/partner/company/add/?", partner.session, **{
        "company[name]": "Brought in", "contact[name]": "Ida", "contact[phone]": "12345678", "contact[email]": email,
        "contact[password]": "eight888",
    })).performed()  # fmt: skip
    assert (len(made["security"]["key1"]), len(made["security"]["key2"])) == (42, 14)
    (row,) = [r for r in await _companies(client, partner) if r["id"] == made["company_id"]]
    assert row["security"] == {"key2": made["security"]["key2"]}
    assert row["users"] == [{"id": made["user_id"], "username": email}]
    owner = dict((await client.post("/company/login", username=email, password="eight888")).performed())
    data = (await company_data(client, owner)).performed()
    assert data["user"]["password"] == {"new": True}
    assert data["acquirers"]
    assert data["channels"] == ["ecom"]
    await _performed(client, "/company/users/password/reset", owner, update_user_id=made["user_id"], password=NEXT)
    again = await client.post("/partner/company/password/reset/?", partner.session, company_id=made["company_id"],
                              company_user_id=made["user_id"], email="", password=FIRST)  # fmt: skip
    assert again.code == 403
    (row,) = [r for r in await _companies(client, partner) if r["id"] == made["company_id"]]
    assert row["security"] == {"key2": "not-shown"}
    await _performed(client, "/partner/company/close/?", partner.session, company_id=made["company_id"])
    assert made["company_id"] not in {r["id"] for r in await _companies(client, partner)}
    assert (await company_data(client, owner)).code == 401
    assert (await client.post("/company/data", id=made["company_id"], **made["security"])).code == 401


async def _companies(client: Client, partner: Tenant) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (await client.post("/partner/list/company.php?", partner.session)).performed()
    return rows


async def test_a_partner_s_own_users_and_data(client: Client, world: World) -> None:
    partner = world.ours
    email = f"second.{partner.email}"
    await _performed(client, "/partner/user/add/?", partner.session, email=email, password="eight888")
    rows = (await client.post("/partner/list/users.php?", partner.session)).performed()
    user_id = next(row["id"] for row in rows if row["email"] == email)
    assert {"id": user_id, "email": email, "active": "1", "compliance": "0"} in rows
    await _performed(client, "/partner/users/update/?", partner.session, update_user_id=user_id, compliance_admin="1")
    second = dict((await client.post("/partner/login/", username=email, password="eight888")).performed())
    caller = (await client.post("/partner/users/data/?", second)).performed()
    assert caller == {"super_admin": True, "compliance_admin": True}
    await _performed(client, "/partner/users/close/?", partner.session, update_user_id=user_id)
    rows = (await client.post("/partner/list/users.php?", partner.session)).performed()
    assert {"id": user_id, "email": email, "active": "0", "compliance": "1"} in rows
    await _performed(client, "/partner/data/update/?", partner.session, **{
        "meta[name]": "Renamed", "meta[country]": "SWE", "meta[invoicetext]": "tak", "name": "Renamed",
        "security[key1]": partner.session["session_id"], "security[key2]": "fresh-key2", "id": partner.user_id,
    })  # fmt: skip
    data = (await client.post("/partner/data/", partner.session)).performed()
    assert (data["name"], data["meta_data"], data["country"]) == (
        "Renamed", {"name": "Renamed", "meta": {"invoicetext": "tak"}}, {"id": "SWE"},
    )  # fmt: skip
    assert data["security"] == {"key1": partner.keys["key1"], "key2": "fresh-key2"}


@pytest.mark.parametrize("who", [Audience.COMPANY, Audience.PARTNER])
async def test_a_forgotten_password_comes_back_by_mail(
    client: Client, http: aiohttp.ClientSession, world: World, who: Audience
) -> None:
    it = world.our_shop if who is Audience.COMPANY else world.ours
    portal = "http://localhost:4711/console/"
    asked = {"partner_id": "", "portal": portal}
    known = await client.post("/company/users/password/request/?", asked, email=it.email)
    unknown = await client.post("/company/users/password/request/?", asked, email=f"nobody.{it.email}")
    assert (known.status, known.body) == (unknown.status, unknown.body)
    link = await _mailed(client, http, it.email, portal)
    told = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
    assert told["id"] == it.user_id
    assert told["reset"] == "1"
    assert told.get("administrator") == ("1" if who is Audience.PARTNER else None)
    proof = {"user_id": told["id"], "initialization_time": told["initialization"], "hash": told["hash"]}
    stranger = world.their_shop.user_id
    assert (
        await client.post("/company/users/password/request/confirm.php?", proof | {"user_id": stranger})
    ).code == 401
    once = (await client.post("/company/users/password/request/confirm.php?", proof)).performed()
    assert once["username"] == it.email
    assert (await client.post("/company/users/password/request/confirm.php?", proof)).code == 401
    kind = who.value
    session = dict((await client.post(f"/{kind}/login/", once)).performed())
    if who is Audience.COMPANY:
        assert (await company_data(client, session)).performed()["user"]["password"] == {"new": True}
    await _performed(client, f"/{kind}/users/password/reset/?", session, update_user_id=it.user_id, password=NEXT)
    if who is Audience.COMPANY:
        assert (await company_data(client, session)).performed()["user"]["password"] == {"new": False}
    assert (await client.post(f"/{kind}/login/", username=it.email, password=once["password"])).code == 401
    (await client.post(f"/{kind}/login/", username=it.email, password=NEXT)).performed()


async def _mailed(client: Client, http: aiohttp.ClientSession, to: str, portal: str) -> str:
    """The link in the letter that came."""
    found: list[str] = []

    async def came() -> bool:
        async with http.get(f"{client.demo['mail_url']}/messages.json", params={"to": to}) as answer:
            letters = (await answer.json())["messages"]
        found.extend(link for letter in letters for link in letter["links"] if link.startswith(f"{portal}?"))
        return bool(found)

    await until(came, "the letter")
    return found[0]


async def test_a_key_for_reading_reads_over_the_wire_and_changes_nothing(
    client: Client, console: Platform, world: World
) -> None:
    shop = world.our_shop
    owner = await accounts.resume(
        console, audience=Audience.COMPANY, user_id=shop.user_id, session_id=Secret(shop.session["session_id"])
    )
    assert owner is not None
    _, key = await companies.add_key(
        console, company_id=shop.id, scope=KeyScope.READ, label="accounting", ends_at=None, by=owner
    )
    reading = {"company_id": shop.id, "key1": key.open()}
    assert (await client.post("/company/payments/list", reading)).performed() == []
    assert (await company_data(client, reading)).performed()["security"]["key2"] == "not-shown"
    for path in ("company/data/update", "company/support", "company/users/add", "company/payments/refund"):
        assert (await client.post(f"/{path}", reading, field="meta", status="1")).code == 403
    order = {"amount": "100", "currency": "EUR"}
    assert (await client.post("/payments/checkout_id", reading | order)).code == 401
    fresh = await companies.rotate_key(console, company_id=shop.id, which=2, overlap_s=600, by=owner)
    for payment_key in (shop.keys["key2"], fresh.open()):
        (await client.post("/payments/checkout_id", {"id": shop.id, "key2": payment_key} | order)).performed()


async def _performed(client: Client, path: str, session: Mapping[str, str], **fields: str) -> None:
    (await client.post(path, session, **fields)).performed()
