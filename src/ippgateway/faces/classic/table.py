"""All 118 endpoints of the contract (section 11): scheme, zone, and what is built.

What is not built answers "not found" whatever the credentials; nothing here makes up a success.
"""

from dataclasses import dataclass

from ippgateway.domains.payments.schemas import Method
from ippgateway.faces.classic.credentials import for_company, for_partner, open_to_all
from ippgateway.faces.classic.endpoints import (
    actions,
    checkout,
    company,
    customers,
    partner,
    partner_users,
    passwords,
    payment,
    policies,
    records,
    sign_in,
    users,
    versions,
)
from ippgateway.faces.classic.envelope import Content
from ippgateway.faces.classic.face import Face, Handler, Scheme, Schemes, Terms
from ippgateway.faces.classic.refusals import not_found
from ippgateway.faces.classic.request import Call
from ippgateway.privacy.zones import Zone

HOSTED_PAGE = ""  # the root of the payment page's own origin (10.5); at every other host the root is not the contract's

# Logical path: schemes as in section 5 of the contract = the rights of which a session needs one. Nothing behind the
# path: no credentials; nothing behind the schemes: every session, of what is built (what is not built opens to nobody).
_CONTRACT = """
version
versions
company/login
company/users/password/request
company/users/password/request/confirm
company/data: S K1
company/data/update: S K1 = settings keys
company/acquirer/data/update: S K1 = settings
company/user: S
company/users/list: S K1 = users
company/users/add: S K1 = users
company/users/close: S K1 = users
company/users/password/reset: S K1
company/users/update/access_policy: S = users
company/users/data: S K1
company/users/access_policy/list: S K1
company/users/access_policy/add: S = users
payments/checkout_id: K2
payments/status: K2 C T
payments/secure: C
payments/authorize: C
payments/rebilling: K2
company/payments/list: S K1 = payments
company/payments: S K1 = payments
company/payments/related: S K1 = payments
company/payments/capture: S K1 K2 = capture
company/payments/refund: S K1 K2 = refund
company/payments/void: S K1 K2 = void
company/payments/incremental: S K1 K2 = capture
company/cards/stored: S K1 = payments
company/payments/disputes/list: S K1
company/payments/disputes/data: S K1
company/payments/disputes/upload: S K1
company/payments/disputes/related: S K1
company/payouts/list: S K1
company/invoice/list: S K1
company/invoice: S K1
company/invoice/paid: T
company/payments/links/list: S K1
company/payments/links/create: S K1
company/payment_notifications/list: S K1 = payments
company/charts: S K1
company/statistics: S
company/search: S K1
company/support: S K1 = users
company/data/onboarding/update: S K1
company/data/onboarding/public_data: S K1
company/data/onboarding/personnel/add: K1
company/data/onboarding/personnel/update: K1
company/data/onboarding/personnel/remove: K1
company/data/onboarding/personnel/file: K1
company/data/onboarding/confirm: K1
company/plugins: S K1
company/plugins/add: S K1
company/plugins/update: S K1
company/plugins/close: S K1
company/payment_methods: K2
company/orders/add_order: K2
partner/login
partner/data: S
partner/data/update: S = settings keys
partner/users/data: S
partner/list/users: S = users
partner/users/add: S = users
partner/users/close: S = users
partner/users/password/reset: S
partner/users/update: S = users
partner/list/company: S = customers
partner/company/add: S P2 = customers
partner/company/close: S = customers
partner/company/password/reset: S = customers
partner/company/data: S
partner/company/data/update: S
partner/company/data/pos/update: S
partner/company/connect: S = customers
partner/list/subscription_plans: S
partner/subscription_plans: S
partner/subscription_plans/add: S
partner/subscription_plans/update: S
partner/list/subscription_plans_company: S
partner/list/invoices: S
partner/invoices/company: S
partner/company/invoice/data: S
partner/company/invoice/add: S
partner/company/invoice/update/payment/provider/add: S
partner/list/communication: S
partner/communication/templates/data: S
partner/communication/templates/add: S
partner/communication/templates/update: S
partner/communication/templates/close: S
partner/communication/templates/standard: S
partner/list/communication_outbound: S
partner/domain/verify: S
partner/domain/github: S
partner/portals/update: S
partner/list/onboarding: S
partner/company/data/onboarding: S
partner/company/data/onboarding/validation: S
partner/statistics: S
partner/list/payment_notifications: S
partner/list/kickback: S
partner/list/country: S
partner/list/acquirers: S
partner/list/pos_devices: S
partner/list/acquirers_fields: S
partner/list/partner: S
partner/list/terminals: S
partner/list/types: S
partner/plugins: S
partner/plugins/add: S P1
partner/plugins/update: S
partner/plugins/close: S
plugins/list.json: S
themes/list.json: S
themes/add: S P1
create/partner
pay.js
"""

# Older spellings; `.php` forms are the normaliser's.
_ALIASES = {
    "company/onboarding/public_data": "company/data/onboarding/public_data",
    "partner/user/data": "partner/users/data",
    "partner/user/add": "partner/users/add",
    "partner/user/close": "partner/users/close",
    "partner/user/password/reset": "partner/users/password/reset",
    "partner/user/update": "partner/users/update",
}

_BUILT: dict[str, Handler] = {
    "version": open_to_all(versions.version),
    "versions": open_to_all(versions.versions),
    "company/login": open_to_all(sign_in.company),
    "company/users/password/request": open_to_all(passwords.request),
    "company/users/password/request/confirm": open_to_all(passwords.confirm),
    "company/data": for_company(company.data),
    "company/data/update": for_company(company.update),
    "company/acquirer/data/update": for_company(company.acquirer_update),
    "company/user": for_company(company.user),
    "company/users/list": for_company(users.listed),
    "company/users/add": for_company(users.add),
    "company/users/close": for_company(users.close),
    "company/users/password/reset": for_company(users.reset),
    "company/users/update/access_policy": for_company(policies.give),
    "company/users/data": for_company(company.user),
    "company/users/access_policy/list": for_company(policies.listed),
    "company/users/access_policy/add": for_company(policies.add),
    "company/payments/list": for_company(records.listed),
    "company/payments": for_company(records.detail),
    "company/payments/related": for_company(records.related),
    "payments/checkout_id": for_company(checkout.create),
    "payments/status": open_to_all(checkout.status),
    "payments/secure": open_to_all(payment.secure),
    "payments/authorize": open_to_all(payment.authorise),
    "payments/rebilling": for_company(payment.rebill),
    "company/payments/capture": for_company(actions.acting(Method.CAPTURE)),
    "company/payments/refund": for_company(actions.acting(Method.REFUND)),
    "company/payments/void": for_company(actions.acting(Method.VOID)),
    "company/payments/incremental": for_company(actions.acting(Method.INCREMENTAL)),
    "company/cards/stored": for_company(actions.stored_cards),
    "company/payment_notifications/list": for_company(actions.notified),
    "company/support": for_company(company.support),
    "partner/login": open_to_all(sign_in.partner),
    "partner/data": for_partner(partner.data),
    "partner/data/update": for_partner(partner.update),
    "partner/users/data": for_partner(partner_users.caller),
    "partner/list/users": for_partner(partner_users.listed),
    "partner/users/add": for_partner(partner_users.add),
    "partner/users/close": for_partner(users.close),
    "partner/users/password/reset": for_partner(users.reset),
    "partner/users/update": for_partner(partner_users.update),
    "partner/list/company": for_partner(customers.listed),
    "partner/company/add": for_partner(customers.add),
    "partner/company/close": for_partner(customers.close),
    "partner/company/password/reset": for_partner(customers.reset),
    "partner/company/connect": for_partner(customers.connect),
    "partner/list/country": for_partner(partner.countries),
    "partner/list/acquirers": for_partner(partner.acquirers),
}

# what changes something is not done on a GET, but for OpenCart's `payments/checkout_id`. Sign-ins and card data
# in an address would end up in histories and logs besides.
_POST_ONLY = {
    "company/login",
    "partner/login",
    "company/data/update",
    "company/acquirer/data/update",
    "payments/secure",
    "payments/authorize",
    "company/payments/capture",
    "company/payments/refund",
    "company/payments/void",
    "company/payments/incremental",
    "company/users/password/request",
    "company/users/password/request/confirm",
    "company/users/add",
    "company/users/close",
    "company/users/password/reset",
    "company/users/update/access_policy",
    "company/users/access_policy/add",
    "company/support",
    "partner/data/update",
    "partner/users/add",
    "partner/users/close",
    "partner/users/password/reset",
    "partner/users/update",
    "partner/company/add",
    "partner/company/close",
    "partner/company/password/reset",
    "partner/company/connect",
}

# These move money over the acquirer's link, which the payment zone alone has.
_MOVES_MONEY = frozenset(f"company/payments/{action}" for action in ("capture", "refund", "void", "incremental"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Endpoint:
    """A row of the contract's table."""

    path: str
    terms: Terms
    zone: Zone
    handler: Handler | None
    post_only: bool

    @property
    def schemes(self) -> Schemes:
        """Its column of the contract's table."""
        return self.terms.schemes

    @property
    def built(self) -> bool:
        """Whether there is anything behind it yet."""
        return self.handler is not None

    async def run(self, face: Face, call: Call) -> Content:
        """Authenticate as the row says and carry out. Raises Refusal and the errors of the rooms."""
        if self.handler is None:
            raise not_found()
        return await self.handler(face, call, self.terms)


def find(path: str) -> Endpoint | None:
    """The endpoint of a logical path or of an older spelling of it."""
    return TABLE.get(_ALIASES.get(path, path))


def zone_of(path: str) -> Zone | None:
    """Which zone serves a logical path; None: it is not the contract's. The root is not: which of its two meanings it
    has (hosted page, public site) is in the host name, not in the path."""
    endpoint = find(path)
    return None if endpoint is None or endpoint.path == HOSTED_PAGE else endpoint.zone


def _row(path: str, terms: str) -> Endpoint:
    schemes, _, rights = terms.partition("=")
    pays = path.startswith("payments/") or path in {"pay.js", HOSTED_PAGE} or path in _MOVES_MONEY
    return Endpoint(
        path=path,
        terms=Terms(
            schemes=frozenset(map(Scheme, schemes.split())),
            rights=frozenset(rights.split()),
            reads=path not in _POST_ONLY,  # whatever changes something is a POST, so the rest is for reading
        ),
        zone=Zone.PAY if pays else Zone.CONSOLE,
        handler=_BUILT.get(path),
        post_only=path in _POST_ONLY,
    )


def _rows() -> list[Endpoint]:
    lines = (line.partition(":") for line in _CONTRACT.strip().splitlines())
    return [_row(HOSTED_PAGE, ""), *(_row(path, terms) for path, _, terms in lines)]


TABLE: dict[str, Endpoint] = {row.path: row for row in _rows()}
