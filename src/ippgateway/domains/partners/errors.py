"""What can go wrong with a partner's data."""


class PartnerNotFound(Exception):
    """No such partner, or it is closed."""
