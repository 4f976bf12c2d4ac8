"""The customers: merchant companies, their keys, settings and acquirer contracts."""
