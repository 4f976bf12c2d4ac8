"""A checkout: what a shop asks one payer to pay, once."""
