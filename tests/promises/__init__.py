"""Each check breaks when its mechanism is switched off."""
