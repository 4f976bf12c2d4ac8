"""Guards over the source, each proved by a planted breach."""
