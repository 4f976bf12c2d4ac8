"""3-D Secure: EMV 3DS 2.2.0, this side being the 3DS server (requestor's side) of a browser payment."""
