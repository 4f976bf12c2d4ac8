"""What a person may ask for, driven by the declarations alone: what is held about them, and that it be erased."""
