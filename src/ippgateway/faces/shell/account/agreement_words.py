"""What the pages about terms and news say, in English and Danish."""

from ippgateway.privacy.vocabulary import Words

TERMS = Words(en="Terms", da="Vilkår")
TERMS_LEAD = Words(
    en="What you and we agreed on. The whole text, and what changed since the version before, stand on our site.",
    da="Det, du og vi har aftalt. Hele teksten, og hvad der er ændret siden den forrige udgave, står på vores side.",
)
VERSION = Words(en="Version that applies", da="Udgave, der gælder")
READ = Words(en="Read the terms", da="Læs vilkårene")
READ_PROCESSORS = Words(en="Read about processing for shops", da="Læs om databehandling for butikker")
SEE_CHANGES = Words(en="See what changed", da="Se, hvad der er ændret")
ACCEPT = Words(en="I accept this version", da="Jeg godtager denne udgave")
ACCEPTED = Words(
    en="Accepted. The version and the moment are on record.", da="Godtaget. Udgave og tidspunkt er noteret."
)
IS_ACCEPTED = Words(en="You accepted it.", da="Du har godtaget den.")
CHANGED_MEANWHILE = Words(
    en="Another version applies by now, so nothing was accepted. Look at it, and say yes to that one.",
    da="Nu gælder en anden udgave, så intet er godtaget. Se på den, og sig ja til den.",
)

NEWS = Words(en="News", da="Nyheder")
NEWS_LEAD = Words(
    en="Letters about your account come anyway. News comes if you ask for it, and stops when you say so.",
    da="Breve om din konto kommer under alle omstændigheder. Nyheder kommer, hvis du beder om dem, og holder op, når "
    "du siger til.",
)
NEWS_TEXT = Words(
    en="Yes, send me news by e-mail about the IPP Platform: new functions, events and offers of our own payment "
    "services, at most twice a month. I can take this back at any time on this page or with one click in each letter.",
    da="Ja, send mig nyheder på e-mail om IPP-platformen: nye funktioner, arrangementer og tilbud på vores egne "
    "betalingstjenester, højst to gange om måneden. Jeg kan når som helst trække det tilbage på denne side eller med "
    "ét klik i hvert brev.",
)
"""What is said yes to, word by word: it names who sends, what about, how, and how it is taken back (markedsføringsloven
§ 10). Another text is another consent."""
NEWS_ON = Words(en="You said yes to news.", da="Du har sagt ja til nyheder.")
NEWS_OFF = Words(en="You get no news.", da="Du får ingen nyheder.")
NEWS_NEVER = Words(
    en="You objected to marketing. You get none from us.",
    da="Du har gjort indsigelse mod reklame. Du får ingen fra os.",
)
NEVER = Words(en="No marketing at all", da="Slet ingen reklame")
NEVER_LEAD = Words(
    en="You may object to marketing of any kind and by any way, at any time and without a reason. We weigh nothing "
    "against it. It counts at once and for good, unless you yourself say yes here one day.",
    da="Du kan når som helst og uden begrundelse gøre indsigelse mod enhver form for reklame ad enhver vej. Vi afvejer "
    "den ikke mod noget. Den gælder med det samme og for altid, medmindre du selv engang siger ja her.",
)
SAY_NEVER = Words(en="No marketing from you", da="Ingen reklame fra jer")
SAY_YES = Words(en="Yes, send me news", da="Ja, send mig nyheder")
SAY_NO = Words(en="Stop the news", da="Stop nyhederne")
NEWS_DONE = {
    "never": Words(
        en="Your objection is on record and counts from now on. What was queued is not sent either.",
        da="Din indsigelse er noteret og gælder fra nu af. Det, der lå i kø, bliver heller ikke sendt.",
    ),
    "yes": Words(en="Your yes is on record, with the text that you saw.", da="Dit ja er noteret med den tekst, du så."),
    "no": Words(
        en="Stopped, at once. What was queued is not sent either.",
        da="Stoppet med det samme. Det, der lå i kø, bliver heller ikke sendt.",
    ),
}
SAID_BEFORE = Words(en="What you said", da="Hvad du har sagt")
SAID = {
    "given": Words(en="yes", da="ja"),
    "withdrawn": Words(en="no", da="nej"),
    "objected": Words(en="no to all marketing", da="nej til al reklame"),
}
HOW = {
    "account": Words(en="on this page", da="på denne side"),
    "sign_up": Words(en="when you signed up", da="da du oprettede kontoen"),
    "link": Words(en="on the page that a letter led to", da="på siden, et brev førte til"),
    "one_click": Words(en="with your mail program's button", da="med mailprogrammets knap"),
    "operator": Words(en="to us, in writing or on the phone", da="til os, på skrift eller i telefonen"),
}
