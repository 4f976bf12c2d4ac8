"""What can go wrong with a company's data."""


class CompanyNotFound(Exception):
    """No such company, or it is closed."""


class UnknownAcquirer(Exception):
    """The company has no contract with that acquirer."""


class BadMeta(Exception):
    """The tree of settings is too deep, too large, or not a tree."""


class BadKey(Exception):
    """The new key does not fit the limits of the wire contract, 4.1."""
