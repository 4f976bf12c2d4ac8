"""The sandbox: an acquirer host and 3-D Secure servers, programs of their own that share no code with the gateway."""
