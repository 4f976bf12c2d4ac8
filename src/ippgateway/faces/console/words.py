"""What the consoles' frame and first page say."""

from ippgateway.privacy.vocabulary import Words

NAME = Words(en="IPP console", da="IPP-konsol")
OVERVIEW = Words(en="Overview", da="Overblik")
