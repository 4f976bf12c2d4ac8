"""The IPP Platform."""
