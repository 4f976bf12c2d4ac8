"""The same request twice is one effect and one answer."""
