"""What `make run` says when everything serves."""

from ippgateway.app import demo
from ippgateway.app.settings import Settings


def text(settings: Settings) -> str:
    """Where to go and how to sign in."""
    head = f"The IPP Platform serves on http://{settings.host}:{settings.port}"
    if not settings.sandbox:
        return head
    facts = demo.facts(settings)
    first = f"  Open {facts['shop_url']} and buy something with a test card."
    return f"{head}\n\n{first}\n\n{demo.told(facts)}\n  Ctrl-C ends it; the data stays."
