"""The acquirer host: ISO 8583:1987 over TCP as docs/reference/iso8583.md says, with books that survive a kill."""
