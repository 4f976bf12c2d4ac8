"""The classic face against stand-ins for the rooms."""
