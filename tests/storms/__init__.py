"""Killing processes under a load of payments."""
