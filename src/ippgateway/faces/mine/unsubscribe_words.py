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
UNKNOWN = Words(en="There is nothing to stop here", da="Her er ikke noget at stoppe")
UNKNOWN_MORE = Words(
    en="The address is not complete, or what it was about is erased. Take the link at the end of the letter.",
    da="Adressen er ikke hel, eller det, den handlede om, er slettet. Brug linket sidst i brevet.",
)
NO_COOKIE = Words(
    en="This page sets no cookie and loads nothing from another address.",
    da="Siden sætter ingen cookie og henter intet fra andre adresser.",
)
