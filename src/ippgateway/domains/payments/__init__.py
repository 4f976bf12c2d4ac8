"""Payments: authentication, authorisation, outcomes, and what shops and consoles read of them."""
