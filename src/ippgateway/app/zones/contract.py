"""What the zones that serve a part of the wire contract share."""

from ippgateway.app.settings import Settings
from ippgateway.app.wiring import origin
from ippgateway.faces.classic.face import ClassicSettings


def classic_settings(settings: Settings) -> ClassicSettings:
    """The classic face's own settings."""
    return ClassicSettings(
        pay_url=origin(settings, "pay"), console_version=settings.console_version, domain=settings.domain,
        portals=frozenset(settings.portals),
    )  # fmt: skip
