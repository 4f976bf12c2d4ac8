"""Stand-ins for the rooms' services: one company, one partner, one checkout, one payment."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from ippgateway.core.clock import ManualClock
from ippgateway.core.ids import Ids, SystemRandomness
from ippgateway.core.money import Money, currency
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.errors import WrongCredentials
from ippgateway.domains.accounts.schemas import Audience, Session, SignedIn, UserView
from ippgateway.domains.checkouts.errors import CheckoutNotFound
from ippgateway.domains.checkouts.schemas import CheckoutRef, CreatedCheckout
from ippgateway.domains.companies.schemas import AcquirerView, CompanyView, KeyMatch
from ippgateway.domains.notifications.service import Listed
from ippgateway.domains.partners.schemas import PartnerView
from ippgateway.domains.payments.errors import PaymentNotFound
from ippgateway.domains.payments.schemas import (
    ActionDetail,
    ActionResult,
    ActionRow,
    AuthoriseResult,
    Method,
    PaymentStatus,
    Result,
    SecureResult,
    StoredCard,
)
from ippgateway.domains.payments.service import Asked

COMPANY = "aB3d-E5fg-7Hij"
OTHER_COMPANY = "zZ3d-E5fg-7Hij"
PARTNER = "pP3d-E5fg-7Hij"
USER = "u1U1-u2U2-u3U3"
SESSION = "s" * 43
PARTNER_SESSION = "p" * 43
KEY1 = "K" * 42
KEY2 = "k" * 14
CHECKOUT = "checkout_id-0123456789abcdef"
CRYPTOGRAM = "cryptogram-0123456789abcdef"
PAYMENT = "kL9m-N0pq-1Rst"
PAYMENT_KEY = "d5EfG6hI"
ACTION = "uV2w-X3yz-4Abc"
USERNAME, PASSWORD = "owner@shop.example", "correct Horse 1!"
NOW = datetime(2026, 11, 24, 12, 30, 15, 250_000, UTC)
MONEY = Money(432100, currency("EUR"))

ROW = ActionRow(
    payment_id=PAYMENT,
    action_id=ACTION,
    company_id=COMPANY,
    method=Method.AUTH,
    result=Result.ACK,
    at=NOW,
    holder="Test Customer",
    order_id="Testing Order",
    amount=MONEY,
    reason="",
)
AUTHENTICATED = SecureResult(done=True, refused=False, text="Transaction has been executed successfully.")
APPROVED = AuthoriseResult(
    result=Result.ACK,
    status="NEW",
    reason="",
    payment_id=PAYMENT,
    action_id=ACTION,
    payment_key=Secret(PAYMENT_KEY),
    seen_before=False,
    purchases=1,
    amount_text="432100",
    currency_code="978",
    accept_url="",
    card_month=4,
    card_year=2030,
    card_masked="411111******1111",
    card_brand="VISA",
)


@dataclass
class Rooms:
    """What the stand-ins answer, and what they were asked: `asked["accounts.sign_in"]` is a list of arguments."""

    asked: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    switched_off: frozenset[str] = frozenset()
    settings: dict[str, str] = field(default_factory=lambda: {"mid": "it's 1"})
    meta: dict[str, Any] = field(default_factory=lambda: {"company": {"name": "demo"}})
    secured: SecureResult = AUTHENTICATED
    authorised: AuthoriseResult = APPROVED
    rows: list[ActionRow] = field(default_factory=lambda: [ROW])
    authenticated: bool = False
    failure: Exception | None = None
    """Raised by every use case that is reached once its credentials were right."""

    def install(self, patch: pytest.MonkeyPatch) -> None:
        for name in (n for n in dir(self) if "_in_" in n):
            verb, _, room = name.rpartition("_in_")
            patch.setattr(f"ippgateway.domains.{room}.service.{verb}", self._recorded(f"{room}.{verb}", name))

    def _recorded(self, called: str, name: str) -> Any:
        async def use_case(_: object, *asked: Any, **arguments: Any) -> Any:
            arguments |= {"asked": asked[0]} if asked else {}
            self.asked.setdefault(called, []).append(arguments)
            if self.failure is not None and called not in {"accounts.resume", "companies.match_keys"}:
                raise self.failure
            return getattr(self, name)(**arguments)

        return use_case

    def sign_in_in_accounts(self, *, username: str, password: Secret[str], **_: object) -> SignedIn:
        if (username, password.open()) != (USERNAME, PASSWORD):
            raise WrongCredentials
        return SignedIn(user_id=USER, session_id=Secret(SESSION))

    def resume_in_accounts(self, *, audience: Audience, user_id: str, session_id: Secret[str]) -> Session | None:
        live = {SESSION: (Audience.COMPANY, COMPANY), PARTNER_SESSION: (Audience.PARTNER, PARTNER)}
        kind, tenant = live.get(session_id.open(), (None, ""))
        if kind is not audience or user_id != USER:
            return None
        return Session(audience=audience, tenant_id=tenant, user_id=user_id, moves_money=True)

    def user_in_accounts(self, *, user_id: str, **_: object) -> UserView:
        return UserView(
            user_id=user_id, email=USERNAME, name="Owner", phone="", rights=("ALL",), must_change_password=False
        )

    def match_keys_in_companies(self, *, company_id: str, secrets: list[str]) -> KeyMatch | None:
        if company_id not in {COMPANY, OTHER_COMPANY} or not {KEY1, KEY2} & set(secrets):
            return None
        return KeyMatch(company_id=company_id, data_key=KEY1 in secrets, payment_key=KEY2 in secrets)

    def read_in_companies(self, *, company_id: str) -> CompanyView:
        acquirer = AcquirerView(
            id="Te5t-Acqu-irer", name="Test", url="", settings=self.settings, fields=(("mid", "Merchant number"),)
        )
        return CompanyView(
            id=company_id,
            name="Demo shop",
            key1=Secret(KEY1),
            key2=Secret(KEY2),
            meta=self.meta,
            acquirers=(acquirer,),
            channels=("ecom",),
            switched_off=self.switched_off,
        )

    def merge_meta_in_companies(self, **_: object) -> None:
        pass

    def replace_keys_in_companies(self, **_: object) -> None:
        pass

    def save_acquirer_settings_in_companies(self, **_: object) -> None:
        pass

    def read_in_partners(self, *, partner_id: str) -> PartnerView:
        return PartnerView(
            id=partner_id,
            name="Partner",
            key1=Secret(KEY1),
            key2=Secret(KEY2),
            country_id="DNK",
            meta={"invoicetext": "thanks"},
            acquirers=(("Te5t-Acqu-irer", "Test", ""),),
            merchant_id="",
            merchant_key="",
        )

    def create_in_checkouts(self, **_: object) -> CreatedCheckout:
        return CreatedCheckout(checkout_id=Secret(CHECKOUT), cryptogram=Secret(CRYPTOGRAM))

    def find_in_checkouts(self, *, checkout_id: str, cryptogram: str | None, expired_too: bool = False) -> CheckoutRef:
        if checkout_id != CHECKOUT or cryptogram not in {None, CRYPTOGRAM}:
            raise CheckoutNotFound
        return CheckoutRef(company_id=COMPANY, id="c1C1-c2C2-c3C3", authenticated=self.authenticated)

    def secure_in_payments(self, **_: object) -> SecureResult:
        return self.secured

    def step_ended_in_payments(self, *, checkout: CheckoutRef) -> bool:
        return checkout.authenticated

    def authorise_in_payments(self, **_: object) -> AuthoriseResult:
        return self.authorised

    def rebill_in_payments(self, *, reference_id: str, **_: object) -> AuthoriseResult:
        if reference_id != PAYMENT:
            raise PaymentNotFound
        return self.authorised

    def status_in_payments(self, *, payment_id: str, payment_key: str | None, company_id: str | None) -> PaymentStatus:
        if payment_id != PAYMENT or payment_key not in {None, PAYMENT_KEY} or company_id not in {None, COMPANY}:
            raise PaymentNotFound
        return PaymentStatus(
            result=Result.ACK,
            status="NEW",
            method=Method.AUTH,
            payment_id=PAYMENT,
            action_id=ACTION,
            order_id="Testing Order",
            amount=MONEY,
            card_masked="411111******1111",
        )

    def actions_in_payments(self, **_: object) -> list[ActionRow]:
        return self.rows

    def act_in_payments(self, *, asked: Asked) -> ActionResult:
        if asked.target.payment_id not in {None, PAYMENT} or asked.target.action_id not in {None, ACTION}:
            raise PaymentNotFound
        return ActionResult(result=Result.ACK, action_id=ACTION, payment_id=PAYMENT, amount=MONEY)

    def stored_cards_in_payments(self, **_: object) -> list[StoredCard]:
        card = StoredCard(payment_id=PAYMENT, holder="Test Customer", masked="411111******1111", month=4, year=2030,
                          result=Result.ACK)  # fmt: skip
        return [card]

    def listed_in_notifications(self, **_: object) -> list[Listed]:
        return [Listed(id=ACTION, payment_id=PAYMENT, state="PENDING", created_at=NOW, last_at=None, next_at=NOW)]

    def detail_in_payments(self, *, action_id: str, **_: object) -> ActionDetail:
        if action_id != ACTION:
            raise PaymentNotFound
        return ActionDetail(
            row=ROW,
            status="NEW",
            card_masked="411111******1111",
            card_month=4,
            card_year=2030,
            acquirer_response="00",
            recurring_of=None,
            related={},
        )


def platform() -> Any:
    """As much of a platform as the face itself uses."""
    return SimpleNamespace(ids=Ids(ManualClock(NOW), SystemRandomness()))
