"""The acquirer link: ISO 8583:1987 over TCP. `docs/reference/iso8583.md` says what travels on it."""
