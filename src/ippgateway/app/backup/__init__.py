"""Backups of data and keys, apart, and the way back."""
