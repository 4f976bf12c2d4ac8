"""One machine: a keeper, a supervisor, a PostgreSQL of our own, and the processes of the platform below them."""
