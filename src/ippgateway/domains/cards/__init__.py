"""The vault: card numbers, sealed under keys of their own and opened for payment alone (CARD-3)."""
