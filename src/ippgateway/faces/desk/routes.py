"""Every way into the desk, as one table."""

from ippgateway.faces.desk import (
    breaches,
    disclosing,
    emergencies,
    keeping,
    overview,
    paper,
    people,
    requests,
    staff,
    trail,
)
from ippgateway.faces.shell.account import ACCOUNT
from ippgateway.faces.shell.door import DOOR
from ippgateway.faces.shell.routes import Route

ROUTES: tuple[Route, ...] = (
    *DOOR, *ACCOUNT, *overview.ROUTES, *people.ROUTES, *requests.ROUTES, *trail.ROUTES, *disclosing.ROUTES,
    *keeping.ROUTES, *breaches.ROUTES, *paper.ROUTES, *emergencies.ROUTES, *staff.ROUTES,
)  # fmt: skip
