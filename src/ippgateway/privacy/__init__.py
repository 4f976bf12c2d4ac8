"""Declarations, purposes, sealing, inventory: the floor on which every promise about personal data stands."""
