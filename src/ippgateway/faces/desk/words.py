"""What the desk says."""

from ippgateway.privacy.vocabulary import Words

NAME = Words(en="IPP desk", da="IPP-skrivebord")
OVERVIEW = Words(en="Overview", da="Overblik")
