"""What a payer touches: the hosted payment page, the widget's script, the challenge of 3-D Secure."""
