"""What `make run` says when everything serves."""

from ippgateway.app import demo
from ippgateway.app.settings import Settings


def text(settings: Settings) -> str:
    """Where to go and how to sign in."""
    head = f"The IPP Platform serves on http://{settings.host}:{settings.port}"
    if not settings.sandbox:
        return head
    return f"{head}\n\n{demo.told(demo.facts(settings))}\n  Ctrl-C ends it; the data stays."
