"""The people's page: what the Platform holds about whoever asks, for people without an account."""
