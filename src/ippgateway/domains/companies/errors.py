"""What can go wrong with a company's data."""


class CompanyNotFound(Exception):
    """No such company, or it is closed."""


class UnknownAcquirer(Exception):
    """The company has no contract with that acquirer."""


class BadMeta(Exception):
    """The tree of settings is too deep, too large, or not a tree."""


class BadContact(Exception):
    """Nobody can be reached by it: it is too long, more than one line, or no e-mail address, telephone or web
    address."""


class BadKey(Exception):
    """What was asked of a key can't be: its letters (wire contract, 4.1), its label, its end."""


class NoSuchKey(Exception):
    """The company has no such further key."""


class TooManyKeys(Exception):
    """The company has as many further keys as it can have; end one first."""


class NoPartner(Exception):
    """The company came to us without a partner, so there is nobody to let in."""
