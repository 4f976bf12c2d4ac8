"""The release of the console software (wire contract 7.1)."""

from ippgateway.faces.classic.envelope import Content
from ippgateway.faces.classic.face import Face
from ippgateway.faces.classic.request import Call


async def version(face: Face, _: Call) -> Content:
    """The newest release, compared as text by the consoles."""
    return {"version": face.settings.console_version}


async def versions(face: Face, _: Call) -> Content:
    """Releases with a name for display each (R-19)."""
    return {"versions": {face.settings.console_version: face.settings.console_version}}
