"""The Platform as seen from outside: a plain HTTP client, a shop's server, and the books of both sides."""
