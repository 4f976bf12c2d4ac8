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
from ippgateway.domains.accounts.errors import NoSuchUser, NotGranted, TicketSpent, WrongCredentials
from ippgateway.domains.accounts.schemas import Audience, PolicyView, Session, SignedIn, UserView
from ippgateway.domains.checkouts.errors import CheckoutNotFound
from ippgateway.domains.checkouts.schemas import CheckoutRef, CreatedCheckout
from ippgateway.domains.companies.errors import CompanyNotFound
from ippgateway.domains.companies.schemas import AcquirerView, CompanyView, CustomerPage, CustomerRow, KeyMatch
from ippgateway.domains.notifications.service import Listed
from ippgateway.domains.partners.schemas import Made, PartnerKeyMatch, PartnerView
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
OTHER_USER = "u4U4-u5U5-u6U6"
CLOSED_USER = "u7U7-u8U8-u9U9"
POLICY = "Po01-admi-nist"
TICKET = "t" * 43
KEY1 = "K" * 42
READ_KEY = "R" * 42
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


_CREDENTIALS = {"accounts.resume", "companies.match_keys", "partners.match_keys"}


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
    rights: tuple[str, ...] = ("ALL",)
    """Of every session."""
    moves_money: bool = True
    guest_of: str | None = None
    live: bool = False
    allowed: bool = True
    """Whether the company lets its partner in."""
    others: tuple[str, ...] = ("payments",)
    """The rights of the other user."""
    policies: tuple[PolicyView, ...] = (PolicyView(id=POLICY, name="Cashier", rights=("payments", "refund")),)
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
            if self.failure is not None and called not in _CREDENTIALS:
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
        return Session(
            id="s1S1-s2S2-s3S3", audience=audience, tenant_id=tenant, home_id=self.guest_of or tenant, user_id=user_id,
            moves_money=self.moves_money, rights=self.rights, guest_of=self.guest_of,
        )  # fmt: skip

    def user_in_accounts(self, *, user_id: str, **_: object) -> UserView:
        found = {view.user_id: view for view in self.users_in_accounts()}
        if user_id not in found:
            raise NoSuchUser
        return found[user_id]

    def users_in_accounts(self, **_: object) -> tuple[UserView, ...]:
        return (
            UserView(user_id=USER, email=USERNAME, name="Owner", phone="", rights=("ALL",),
                     must_change_password=False),
            UserView(user_id=OTHER_USER, email="other@shop.example", name="Other", phone="", rights=self.others,
                     must_change_password=True),
            UserView(user_id=CLOSED_USER, email="gone@shop.example", name="", phone="", rights=(), status="closed",
                     must_change_password=False, policy_id=POLICY),
        )  # fmt: skip

    def add_in_accounts(self, **_: object) -> str:
        return OTHER_USER

    def close_user_in_accounts(self, **_: object) -> None:
        pass

    def set_password_in_accounts(self, **_: object) -> None:
        pass

    def set_policy_in_accounts(self, **_: object) -> None:
        pass

    def set_rights_in_accounts(self, **_: object) -> None:
        pass

    def policies_in_accounts(self, **_: object) -> tuple[PolicyView, ...]:
        return self.policies

    def add_policy_in_accounts(self, **_: object) -> str:
        return POLICY

    def ask_reset_in_accounts(self, **_: object) -> None:
        pass

    def redeem_reset_in_accounts(self, *, user_id: str, ticket: Secret[str]) -> tuple[str, Secret[str]]:
        if (user_id, ticket.open()) != (USER, TICKET):
            raise TicketSpent
        return USERNAME, Secret("once-only")

    def enter_in_accounts(self, *, company_id: str, **_: object) -> SignedIn:
        if company_id != COMPANY or not self.allowed:
            raise NotGranted
        return SignedIn(user_id=USER, session_id=Secret(SESSION))

    def match_keys_in_companies(self, *, company_id: str, secrets: list[str]) -> KeyMatch | None:
        if company_id not in {COMPANY, OTHER_COMPANY} or not {KEY1, KEY2, READ_KEY} & set(secrets):
            return None
        return KeyMatch(
            company_id=company_id, data_key=bool({KEY1, READ_KEY} & set(secrets)), payment_key=KEY2 in secrets,
            reads_only=READ_KEY in secrets and KEY1 not in secrets,
        )  # fmt: skip

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
            live=self.live,
        )

    def merge_meta_in_companies(self, **_: object) -> None:
        pass

    def replace_keys_in_companies(self, **_: object) -> None:
        pass

    def save_acquirer_settings_in_companies(self, **_: object) -> None:
        pass

    def allow_partner_in_companies(self, **_: object) -> None:
        pass

    def withdraw_partner_in_companies(self, **_: object) -> None:
        pass

    def match_keys_in_partners(self, *, partner_id: str, secrets: list[str]) -> PartnerKeyMatch | None:
        if partner_id != PARTNER or not {KEY1, KEY2} & set(secrets):
            return None
        return PartnerKeyMatch(partner_id=partner_id, data_key=KEY1 in secrets, payment_key=KEY2 in secrets)

    def change_in_partners(self, **_: object) -> None:
        pass

    def customers_in_partners(self, **_: object) -> CustomerPage:
        return CustomerPage(rows=(self._customer(),), after=None)

    def users_of_in_partners(self, *, company_id: str, **_: object) -> tuple[CustomerRow, tuple[UserView, ...]]:
        if company_id != COMPANY:
            raise CompanyNotFound
        return self._customer(), self.users_in_accounts()[:1]

    def _customer(self) -> CustomerRow:
        return CustomerRow(
            id=COMPANY, name="Demo shop", status="active", live=True, allowed=self.allowed, created_at=NOW
        )

    def add_customer_in_partners(self, **_: object) -> Made:
        return Made(company_id=COMPANY, user_id=USER, key1=Secret(KEY1), key2=Secret(KEY2))

    def close_customer_in_partners(self, *, company_id: str, **_: object) -> None:
        if company_id != COMPANY:
            raise CompanyNotFound

    def reset_user_in_partners(self, *, company_id: str, **_: object) -> None:
        if company_id != COMPANY:
            raise CompanyNotFound

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
    clock = ManualClock(NOW)
    return SimpleNamespace(ids=Ids(clock, SystemRandomness()), clock=clock)
