"""The business, a room per noun."""
