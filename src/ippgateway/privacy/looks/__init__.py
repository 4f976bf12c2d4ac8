"""Looks: staff read personal data through one verb, which notes who, what, why and when for the person to see."""
