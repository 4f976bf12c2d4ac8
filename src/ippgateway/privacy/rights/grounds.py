"""The grounds of RETAIN-3 in words: what keeps something that would otherwise go."""

from collections.abc import Mapping

from ippgateway.privacy.vocabulary import KeptFor, Words

KEPT_FOR: Mapping[KeptFor, Words] = {
    KeptFor.BUSINESS: Words(en="a legitimate interest of the business", da="en legitim interesse for virksomheden"),
    KeptFor.LAW: Words(en="required by law", da="påbudt ved lov"),
    KeptFor.FRAUD: Words(en="prevention of fraud", da="forebyggelse af svindel"),
    KeptFor.FEES: Words(en="collection of fees that are owed", da="opkrævning af skyldige gebyrer"),
    KeptFor.DISPUTE: Words(en="resolution of a dispute", da="løsning af en tvist"),
    KeptFor.TROUBLESHOOTING: Words(en="troubleshooting", da="fejlfinding"),
    KeptFor.INVESTIGATION: Words(en="assistance with an investigation", da="bistand til en undersøgelse"),
    KeptFor.TERMS: Words(en="enforcement of the terms of use", da="håndhævelse af vilkårene"),
    KeptFor.OTHER: Words(en="another action that the law permits", da="anden handling, som loven tillader"),
}
"""A legal hold names one of them."""
