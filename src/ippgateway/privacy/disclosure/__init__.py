"""Who outside receives data: the register of recipients, what may be handed to each, and the record of it."""
