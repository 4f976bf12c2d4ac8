"""Notifications to shops: the schedule, the address, the call, and the worker over a real database."""
