"""The pages of whoever is signed in, about themselves: who they are, how they sign in, what happened at their door, and
what is held about them. The consoles and the desk have the same ones."""

from ippgateway.faces.shell.account.table import ACCOUNT

__all__ = ["ACCOUNT"]
