"""Calls shops' own addresses: the one door through which we connect to wherever somebody else says."""
