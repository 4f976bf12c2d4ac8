"""The classic face: the wire contract that the existing consoles, plugins and SDKs speak."""
