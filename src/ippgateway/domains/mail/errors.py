"""What can go wrong with letters."""


class BadLetter(ValueError):
    """A letter is told something that it has no word for, or not what it can't do without. Names the kind alone."""
