"""Replacing keys and destroying them for good, while payments run: by command, and by schedule."""
