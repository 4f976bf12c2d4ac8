"""The demo: a partner, a shop, staff. Made once; its credentials stay in a file that its owner alone can read."""

import json
import os
from pathlib import Path
from typing import Any

from ippgateway.app.settings import Settings
from ippgateway.app.wiring import api_address, breaches_for, origin, platform_for
from ippgateway.core.clock import SystemClock
from ippgateway.core.ids import Ids, SystemRandomness
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.ports import Breaches
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.accounts.service.passwords import Rule
from ippgateway.domains.companies import service as companies
from ippgateway.domains.companies.errors import CompanyNotFound
from ippgateway.domains.partners import service as partners
from ippgateway.domains.partners.errors import PartnerNotFound
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM, Zone

_SHOWN = ("pay", "console")
STAFF_ROLES = ("support", "compliance", "approver", "fraud", "finance", "administrator")
_PASSWORD_LETTERS = 20
_PAYERS_CONTACT = "hej@klintogkrus.example"


def read(settings: Settings) -> dict[str, Any]:
    """The demo's ids and credentials. Raises FileNotFoundError before the first setup."""
    demo: dict[str, Any] = json.loads(_file(settings).read_text())
    return demo


async def demo(settings: Settings) -> None:
    """Make the demo if it is not there yet. What was begun and cut short is finished with the same credentials."""
    ids = Ids(SystemClock(), SystemRandomness())
    if not _file(settings).exists():
        _write(_file(settings), _invent(ids))
    wanted = _grown(read(settings), ids)
    _write(_file(settings), wanted)
    _tell_shop(settings, wanted["company"])
    if wanted["complete"]:
        return
    breaches = breaches_for(settings)
    async with platform_for(Zone.CONSOLE, settings) as p:
        await _partner(p, breaches, wanted["partner"])
        await _company(p, breaches, wanted["company"], wanted["partner"]["id"])
    async with platform_for(Zone.DESK, settings) as p:
        for member in wanted["staff"]:
            employment = json.dumps({k: member[k] for k in ("employer", "country")})
            await _user(p, breaches, Audience.STAFF, PLATFORM, member, employment)
    _write(_file(settings), {**wanted, "complete": True})


def _tell_shop(settings: Settings, company: dict[str, str]) -> None:
    """What the demo shop must know. Written at every start, because addresses follow from the settings."""
    settings.sandbox_dir.mkdir(mode=0o700, exist_ok=True)
    terms = {"api_url": api_address(settings), "company_id": company["id"], "key2": company["key2"]}
    _write(settings.sandbox_shop_terms, terms | {f"{name}_url": origin(settings, name) for name in _SHOWN})


def _invent(ids: Ids) -> dict[str, Any]:
    def account(name: str, kind: str) -> dict[str, str]:
        return {"id": ids.new(), "key1": ids.letters(42), "key2": ids.letters(14), "name": name,
                "username": f"owner@{kind}.example", **_passwords(ids)}  # fmt: skip

    return {"company": account("Klint & Krus", "shop"), "partner": account("Demo partner", "partner"), "staff": [],
            "complete": False}  # fmt: skip


def _grown(wanted: dict[str, Any], ids: Ids) -> dict[str, Any]:
    """The demo with what an earlier version's had not: passwords for browsers, where payers reach the shop, further
    members of staff."""
    there = {member["role"] for member in wanted["staff"]}
    missing = [_member(ids, role) for role in STAFF_ROLES if role not in there]
    accounts = {
        name: {**wanted[name], "console_password": wanted[name].get("console_password") or _password(ids)}
        for name in ("company", "partner")
    }
    accounts["company"].setdefault("payers_contact", _PAYERS_CONTACT)
    staff = [{**member, "console_password": member["password"]} for member in (*wanted["staff"], *missing)]
    grown = {**wanted, **accounts, "staff": staff}
    return grown if grown == wanted else {**grown, "complete": False}


def _member(ids: Ids, role: str) -> dict[str, str]:
    return {"username": f"{role}@ipp.example", "password": _password(ids), "role": role, "employer": "IPP",
            "country": "DK"}  # fmt: skip


def _passwords(ids: Ids) -> dict[str, str]:
    """One for programs, which moves money over the wire; one for the console, where a second factor goes with it."""
    return {"password": _password(ids), "console_password": _password(ids)}


def _password(ids: Ids) -> str:
    """Long enough to need no rule, and of every kind of character that the contract's 5.8 asks for."""
    return ids.letters(_PASSWORD_LETTERS) + "-aA1"


async def _partner(p: Platform, breaches: Breaches, wanted: dict[str, str]) -> None:
    try:
        await partners.read(p, partner_id=wanted["id"])
    except PartnerNotFound:
        await partners.add(
            p, partners.NewPartner(id=wanted["id"], name=wanted["name"], key1=Secret(wanted["key1"]),
                                   key2=Secret(wanted["key2"])),
        )  # fmt: skip
    await _user(p, breaches, Audience.PARTNER, wanted["id"], wanted)


async def _company(p: Platform, breaches: Breaches, wanted: dict[str, str], partner_id: str) -> None:
    try:
        await companies.read(p, company_id=wanted["id"])
    except CompanyNotFound:
        await companies.add(
            p, companies.NewCompany(id=wanted["id"], partner_id=partner_id, name=wanted["name"],
                                    key1=Secret(wanted["key1"]), key2=Secret(wanted["key2"]),
                                    merchant_number="IPP000000000001", mcc="5999"),
        )  # fmt: skip
    if not (await companies.read(p, company_id=wanted["id"])).payers_contact:
        await companies.set_payers_contact(p, company_id=wanted["id"], text=wanted["payers_contact"], by="setup")
    await _user(p, breaches, Audience.COMPANY, wanted["id"], wanted)


async def _user(
    p: Platform, breaches: Breaches, audience: Audience, tenant_id: str, wanted: dict[str, str], employment: str = ""
) -> None:
    """A user with a password for the console, and but for staff another one for programs, so that existing clients can
    do everything with it."""
    if await accounts.exists(p, audience=audience, tenant_id=tenant_id, username=wanted["username"]):
        await _console_password(p, breaches, audience, tenant_id, wanted)
        return
    staff = audience is Audience.STAFF
    await accounts.add(p, accounts.NewUser(
        audience=audience, tenant_id=tenant_id, email=wanted["username"], name="Demo", verified=True,
        password=Secret(wanted["console_password"]), rights=(wanted["role"],) if staff else ("ALL",),
        for_programs=None if staff else Secret(wanted["password"]), employment=employment,
    ))  # fmt: skip


async def _console_password(
    p: Platform, breaches: Breaches, audience: Audience, tenant_id: str, wanted: dict[str, str]
) -> None:
    """The demo of an earlier version had none for the console."""
    if audience is Audience.STAFF:
        return
    users = await accounts.users(p, audience=audience, tenant_id=tenant_id)
    user = next(user for user in users if user.email == wanted["username"])
    await accounts.set_password(
        p, breaches, audience=audience, tenant_id=tenant_id, user_id=user.user_id,
        new=Secret(wanted["console_password"]), by="setup", rule=Rule.WIRE_NEW,
    )  # fmt: skip


def _file(settings: Settings) -> Path:
    return settings.secrets_dir / "demo.json"


def _write(path: Path, content: dict[str, Any]) -> None:
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as out:
        json.dump(content, out, indent=1)
        out.flush()
        os.fsync(out.fileno())
    fresh.rename(path)
