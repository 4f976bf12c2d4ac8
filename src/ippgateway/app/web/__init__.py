"""The web entrances: one ASGI application for each zone, and the way from the payment entrance to the others."""
