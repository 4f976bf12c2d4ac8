"""A copy is whole, is the person's own, says what each field's declaration says, and fits its schema."""

import asyncio
import json
from io import BytesIO
from pathlib import Path
from typing import Any

import fastjsonschema
import pytest
from pypdf import PdfReader

from accounts.people import PASSWORD, browse, from_, known, shop, somebody
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.payments import service as payments
from ippgateway.faces.pages import moments
from ippgateway.faces.pages.held import beside_in, received_in
from ippgateway.faces.pages.held_pdf import pdf_of
from ippgateway.faces.pages.language import Language
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.copy import access_copy, encoded, portable_copy
from ippgateway.privacy.rights.held import held
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.vocabulary import Words

SCHEMA = Path(__file__).parents[2] / "docs" / "reference" / "access-copy.schema.json"
TITLE = Words(en="Your data", da="Dine data")
OTHER = "Kanariefugl Anders"


@pytest.fixture(scope="module")
def fits() -> Any:
    return fastjsonschema.compile(json.loads(SCHEMA.read_text()))


async def a_user(p: Platform, **other: object) -> Person:
    tenant_id = await shop(p)
    await somebody(p, tenant_id, name=OTHER, phone="+45 44 44 44 44")
    email = await somebody(p, tenant_id, **other)
    return await accounts.person_of(p, await known(p, await browse(p, email, PASSWORD, from_("203.0.113.5"))))


async def test_a_copy_fits_its_schema_and_tells_each_field_as_it_is_declared(p: Platform, fits: Any) -> None:
    found = await held(p, await a_user(p, name="Karen Blix", phone="+45 33 33 33 33"), whole=True)
    copy = json.loads(encoded(access_copy(found)))
    fits(copy)
    fields = {(f["table"], f["field"]): f for c in copy["categories"] for f in c["fields"]}
    assert set(fields) == {(f.table, f.column) for f in found.fields}
    name = fields["app_user", "name"]
    assert (name["value"], name["source"], name["term"]["key"]) == ("Karen Blix", "person", "account_end")
    assert {each["basis"] for each in name["purposes"]} == {"dpv:Contract"}, "our staff's purposes never see their rows"
    assert fields["sign_in_event", "address"]["source"] == "observed"
    assert (fields["credential", "hash"]["shown"], fields["credential", "hash"]["value"]) == ("never", None)


async def test_nothing_of_anybody_else_is_in_a_copy(p: Platform) -> None:
    found = await held(p, await a_user(p, name="Karen Blix"), whole=True)
    for copy in (encoded(access_copy(found)), encoded(portable_copy(found))):
        assert OTHER.encode() not in copy
        assert b"44 44 44 44" not in copy


async def test_a_portable_copy_has_what_the_person_gave_and_nothing_else(p: Platform, fits: Any) -> None:
    found = await held(p, await a_user(p, name="Karen Blix", phone="+45 33 33 33 33"), whole=True)
    copy = portable_copy(found)
    fits(copy)
    given = {(f["table"], f["field"]): f["value"] for c in copy["categories"] for f in c["fields"]}
    assert {("app_user", "email"), ("app_user", "name"), ("app_user", "phone")} <= set(given)
    assert given["app_user", "phone"] == "+45 33 33 33 33"
    assert not {table for table, _ in given} & {"sign_in_event", "sign_in_session", "credential", "known_device"}


async def test_a_payers_copy_says_who_was_given_what(
    console: Platform, gateway: payments.Gateway, payer: Person, fits: Any
) -> None:
    copy = access_copy(await held(console, payer, whole=True))
    fits(copy)
    assert {each["kind"] for each in copy["recipients"]} >= {"acquirer", "directory_server"}
    assert "5555555555554444" not in json.dumps(copy)


async def test_a_payer_is_told_what_they_paid_and_how_it_went(console: Platform, payer: Person, fits: Any) -> None:
    found = await held(console, payer, whole=True)
    copy = access_copy(found)
    fits(copy)
    order = next(f for c in copy["categories"] if c["key"] == "purchase" for f in c["fields"] if "beside" in f)
    assert (order["table"], order["beside"]["currency"]) == ("payment", "DKK")
    told = {name: value for f in found.fields for name, value in beside_in(Language.DA)(f)}
    assert told["hvordan det gik"] == "godkendt"
    assert told["beløb"].endswith("\u00a0kr.")
    assert "beside" not in json.dumps(portable_copy(found)), "the shop said it, not the person"
    for language, notice in ((Language.EN, "card number"), (Language.DA, "kortnummer")):
        said = " ".join(received_in(language)(each)[1] for each in found.received)
        assert notice in said
        assert "_" not in said


async def test_a_copy_is_whole_however_many_rows_there_are(p: Platform) -> None:
    tenant_id = await shop(p)
    email = await somebody(p, tenant_id)
    session = await known(p, await browse(p, email))
    person = await accounts.person_of(p, session)
    async with p.db.begin(accounts.hall(p)[1], tenants=[tenant_id]) as tx:
        await tx.execute(
            "insert into ipp.sign_in_event (tenant_id, id, user_id, what, created_at) "
            "select $1, 'e' || lpad(n::text, 12, '0'), $2, 'signed_in', $3 from generate_series(1, 700) n",
            tenant_id, session.user_id, p.clock.now(),
        )  # fmt: skip
    page, copy = await held(p, person), await held(p, person, whole=True)
    assert page.more == ("sign_in_event",)
    assert copy.more == ()
    assert len([f for f in copy.fields if f.table == "sign_in_event" and f.column == "created_at"]) >= 700


@pytest.mark.parametrize("language", list(Language))
async def test_the_pdf_has_every_value_and_says_which_letters_its_font_lacks(p: Platform, language: Language) -> None:
    found = await held(p, await a_user(p, name="Łukasz Ærø Ж <b>", phone="+45 33 33 33 33"), whole=True)
    pdf = PdfReader(
        BytesIO(await asyncio.to_thread(pdf_of, found, language, title=TITLE, operator="IPP", controller="Kro & Co"))
    )
    text = " ".join("\n".join(page.extract_text() for page in pdf.pages).split())
    assert "Łukasz Ærø (U+0416) <b>" in text
    assert "+45 33 33 33 33" in text
    assert "Datatilsynet" in text
    assert f"{TITLE.en if language is Language.EN else TITLE.da}: Kro & Co" in text
    assert {Language.EN: "Nobody of us has looked", Language.DA: "Ingen af os har set"}[language] in text
    assert moments.told_in(language).moment(found.at) in text
    assert {Language.EN: "the contract", Language.DA: "aftalen"}[language] in text
    assert OTHER not in text
