"""The routes of the door."""

from ippgateway.faces.shell.door import factor, letters, reset, sign_in
from ippgateway.faces.shell.door import sign_up as signing_up
from ippgateway.faces.shell.routes import Route, Who

DOOR: tuple[Route, ...] = (
    Route(path="/sign-in", name="sign_in", who=Who.ANYONE, get=sign_in.show, post=sign_in.take),
    Route(path="/sign-in/factor", name="second_factor", who=Who.HALFWAY, get=factor.show, post=factor.take),
    Route(
        path="/sign-in/again", name="second_factor_again", who=Who.SIGNED_IN, enrolling=True, get=factor.show_again,
        post=factor.take,
    ),
    Route(path="/sign-out", name="sign_out", who=Who.HALFWAY, post=sign_in.leave),
    Route(path="/forgot", name="forgot", who=Who.ANYONE, get=reset.show_forgot, post=reset.take_forgot),
    Route(path="/reset/{ticket}", name="reset", who=Who.ANYONE, get=reset.show_reset, post=reset.take_reset),
    Route(
        path="/verify/{ticket}", name="verify", enrolling=True, get=letters.show_verify, post=letters.take_verify
    ),
    Route(path="/invite/{ticket}", name="invite", who=Who.ANYONE, get=letters.show_invite, post=letters.take_invite),
    Route(
        path="/new-email/{ticket}", name="new_email", who=Who.ANYONE, get=letters.show_new_email,
        post=letters.take_new_email,
    ),
)  # fmt: skip

SIGN_UP: tuple[Route, ...] = (
    Route(path="/sign-up", name="sign_up", who=Who.ANYONE, get=signing_up.show, post=signing_up.take),
)
