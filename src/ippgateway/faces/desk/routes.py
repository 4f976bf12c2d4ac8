"""Every way into the desk, as one table."""

from ippgateway.faces.desk import overview
from ippgateway.faces.shell.routes import Route

try:
    from ippgateway.faces.shell.door import DOOR
except ImportError:
    DOOR = ()
try:
    from ippgateway.faces.shell.account import ACCOUNT
except ImportError:
    ACCOUNT = ()

ROUTES: tuple[Route, ...] = (*DOOR, *ACCOUNT, *overview.ROUTES)
