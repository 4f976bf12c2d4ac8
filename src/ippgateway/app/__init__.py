"""Entrances: the command line, the zones, the worker; settings; and wiring, the only place that sees every room."""
