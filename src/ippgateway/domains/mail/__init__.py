"""E-mail that is owed to somebody: written in the transaction that caused it, sent by the worker."""
