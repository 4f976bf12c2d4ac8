"""The lowest floor: database, jobs, clock, ids, money, errors, log. Knows nothing of payments or of privacy rules."""
