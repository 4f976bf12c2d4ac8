"""Our staff: what they may see and do, by role, each look on record."""
