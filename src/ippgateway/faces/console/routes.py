"""Every way into the consoles, as one table."""

from ippgateway.faces.console import (
    customers,
    first_order,
    keys,
    leaving,
    overview,
    partner_access,
    payment,
    payments,
    people,
    policies,
    requests,
    settings,
)
from ippgateway.faces.shell.account import ACCOUNT
from ippgateway.faces.shell.door import DOOR, SIGN_UP
from ippgateway.faces.shell.routes import Route

ROUTES: tuple[Route, ...] = (
    *DOOR, *SIGN_UP, *ACCOUNT, *overview.ROUTES, *first_order.ROUTES, *payments.ROUTES, *payment.ROUTES,
    *customers.ROUTES, *people.ROUTES, *policies.ROUTES, *keys.ROUTES, *partner_access.ROUTES, *settings.ROUTES,
    *requests.ROUTES, *leaving.ROUTES,
)  # fmt: skip
