"""What can go wrong at sign-in. None of them says which part was wrong or who exists."""


class WrongCredentials(Exception):
    """Unknown user or wrong password; the two are not told apart."""


class AccountUnavailable(Exception):
    """The right password of a user, company or partner that is blocked or closed."""


class TooManyFailures(Exception):
    """Failed attempts on this name came too fast; try again later."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__("too many failed sign-ins")
        self.retry_after_s = retry_after_s
