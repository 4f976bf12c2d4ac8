"""Pages as a stranger meets them."""

from ippgateway.promises.context import Context

_LED_ON, _SIGN_IN = 303, "/sign-in"


async def open_to_strangers(context: Context, face: str, *pages: str) -> list[str]:
    """The pages of a face that are not there, or that somebody who is not signed in sees."""
    found = []
    for page in pages:
        answer = await context.ask(page, None, face)
        if answer.status != _LED_ON or not answer.headers.get("location", "").startswith(_SIGN_IN):
            found.append(f"{face}/{page} answers {answer.status} to a stranger")
    return found
