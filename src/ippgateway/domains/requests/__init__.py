"""What people ask about their own data without an account: a link that proves an e-mail address."""
