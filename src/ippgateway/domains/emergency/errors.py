"""What can stand in the way."""


class NoReason(ValueError):
    """No reason, or one that nobody could review."""


class NotStrong(PermissionError):
    """The second factor was not proven in this session within the last quarter of an hour, or it is not our staff's."""


class AlreadyOpen(RuntimeError):
    """This session has an emergency access that has not ended."""


class NoSuchAccess(LookupError):
    """There is none by that id."""


class NotYours(PermissionError):
    """Whoever used it does not review it: the database refuses that."""


class NotReviewable(RuntimeError):
    """It has not ended yet, or somebody has reviewed it already."""


class NoFinding(ValueError):
    """A review says what was found."""
