"""Pages about requests: a case for whoever decides, at the desk and in a shop's console."""
