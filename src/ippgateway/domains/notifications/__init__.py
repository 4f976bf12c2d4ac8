"""Telling shops that a payment is final (wire contract 8.7)."""
