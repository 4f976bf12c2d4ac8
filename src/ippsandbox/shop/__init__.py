"""A small shop, for a newcomer to buy something in: it takes payments through the Platform's wire contract alone.

What it does is what a shop has to do: ask for a checkout, send the payer on, believe neither a return nor a
notification before it has asked for the outcome with its own key.
"""
