"""Which passwords leaked: a list on this machine, and a service that is told five of a hash's forty digits."""
