"""The privacy machinery, attacked and damaged."""
