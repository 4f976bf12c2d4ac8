"""A mail server that takes every letter and passes none on, and a page that shows what it took. It stands for the
provider of a real installation."""
