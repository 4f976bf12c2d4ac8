"""The speed of people's rights: what the privacy machinery costs with a million payers in the tables."""
