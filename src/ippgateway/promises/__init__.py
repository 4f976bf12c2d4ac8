"""The promises of the privacy policy, one check for each that has something to check, over the running system."""
