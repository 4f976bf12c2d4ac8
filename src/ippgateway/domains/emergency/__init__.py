"""Emergency access: more than the role opens, for one hour, told to everybody who answers for it, and reviewed."""
