"""Alembic's scripts, a folder for each database."""
