"""What people said yes or no to: consents, and versions of the terms that were accepted."""
