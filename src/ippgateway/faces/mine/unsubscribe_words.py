"""What the page that stops letters says, in English and Danish."""

from ippgateway.privacy.vocabulary import Words

TITLE = Words(en="Stop our news", da="Stop vores nyheder")
STANDS = Words(
    en="You get our news by e-mail because you said yes. One press stops it, at once, also what is queued. You need "
    "not sign in, and letters about an account of yours still come.",
    da="Du får vores nyheder på e-mail, fordi du har sagt ja. Ét tryk stopper dem med det samme, også det, der ligger "
    "i kø. Du skal ikke logge ind, og breve om din konto kommer stadig.",
)
STOP = Words(en="Stop the news", da="Stop nyhederne")
STOPPED = Words(en="You get no news from us", da="Du får ingen nyheder fra os")
STOPPED_MORE = Words(
    en="It is stopped, and that is on record. If you want it back one day, you say so under Your account; nobody else "
    "can.",
    da="De er stoppet, og det er noteret. Vil du engang have dem igen, siger du det under Din konto; det kan ingen "
    "andre.",
)
ALL = Words(
    en="Or object to marketing from us of any kind and by any way. Nothing is weighed against that, and it counts at "
    "once.",
    da="Eller gør indsigelse mod enhver form for reklame fra os ad enhver vej. Den afvejes ikke mod noget og gælder "
    "med det samme.",
)
STOP_ALL = Words(en="No marketing at all", da="Slet ingen reklame")
OBJECTED = Words(en="You get no marketing from us", da="Du får ingen reklame fra os")
OBJECTED_MORE = Words(
    en="Your objection is on record. It counts until you yourself say yes to news under Your account, if ever.",
    da="Din indsigelse er noteret. Den gælder, indtil du selv siger ja til nyheder under Din konto, hvis det sker.",
)
UNKNOWN = Words(en="There is nothing to stop here", da="Her er ikke noget at stoppe")
UNKNOWN_MORE = Words(
    en="The address is not complete, or what it was about is erased. Take the link at the end of the letter.",
    da="Adressen er ikke hel, eller det, den handlede om, er slettet. Brug linket sidst i brevet.",
)
NO_COOKIE = Words(
    en="This page sets no cookie and loads nothing from another address.",
    da="Siden sætter ingen cookie og henter intet fra andre adresser.",
)
