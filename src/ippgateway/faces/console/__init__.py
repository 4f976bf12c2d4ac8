"""The consoles of customers, resellers and partners."""
