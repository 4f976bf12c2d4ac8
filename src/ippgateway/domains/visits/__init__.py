"""Who was here, when, how long and on which pages (COLLECT-6)."""
