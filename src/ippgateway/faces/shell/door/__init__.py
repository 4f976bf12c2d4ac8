"""The door of a face: signing in and out, the second factor, and what links in letters lead to.

The consoles and the desk have the same one. `DOOR` is in both; `SIGN_UP` is the consoles' alone, because nobody signs
up to be staff.
"""

from ippgateway.faces.shell.door.table import DOOR, SIGN_UP

__all__ = ["DOOR", "SIGN_UP"]
