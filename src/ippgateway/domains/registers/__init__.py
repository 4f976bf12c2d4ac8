"""Two registers that the law and the policy ask for: paper files (SEC-2), breaches (LIMIT-1, GDPR Article 33(5))."""
