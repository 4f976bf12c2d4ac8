"""Every way into the consoles, as one table."""

from ippgateway.faces.console import overview
from ippgateway.faces.shell.routes import Route

try:
    from ippgateway.faces.shell.door import DOOR, SIGN_UP
except ImportError:
    DOOR = SIGN_UP = ()
try:
    from ippgateway.faces.shell.account import ACCOUNT
except ImportError:
    ACCOUNT = ()

ROUTES: tuple[Route, ...] = (*DOOR, *SIGN_UP, *ACCOUNT, *overview.ROUTES)
