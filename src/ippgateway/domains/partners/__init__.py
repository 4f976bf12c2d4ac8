"""Those who bring in customers and offer the Platform under their own name."""
