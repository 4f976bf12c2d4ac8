"""Master keys on a PKCS#11 token."""
