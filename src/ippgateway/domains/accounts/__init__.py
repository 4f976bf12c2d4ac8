"""Who signs in: users of companies, of partners and our staff; their sessions."""
