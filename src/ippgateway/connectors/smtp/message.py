"""A letter as an internet message (RFC 5322): plain text, UTF-8, marked as written by a program."""

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from ippgateway.domains.mail.ports import Outgoing

_POLICY = SMTP.clone(cte_type="7bit", max_line_length=78)
_MAILBOX = re.compile(
    r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?=.{1,253}\Z)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*", re.ASCII
)
_LONGEST_MAILBOX = 254


class BadAddress(ValueError):
    """Nothing that a mail server could be told. Quotes nothing."""


def mailbox(text: str) -> str:
    """An address as it stands in an envelope: ASCII, its domain in the form that name servers know (RFC 5321, 4.1.2;
    RFC 5891). Raises BadAddress."""
    local, _, domain = text.rpartition("@")
    try:
        found = f"{local}@{domain if domain.isascii() else domain.encode('idna').decode()}"
    except UnicodeError:
        raise BadAddress from None
    if len(found) > _LONGEST_MAILBOX or not _MAILBOX.fullmatch(found) or ".." in found or local.startswith("."):
        raise BadAddress
    return found


def message(letter: Outgoing, *, sender: str, to: str, name: str = "IPP Platform") -> EmailMessage:
    """The whole message. `sender`, `to`: from `mailbox`, so that no header holds anything but what it says; `name`: who
    we say we are.

    The Message-ID follows from the letter's, so that one that is sent twice may be known again. Raises ValueError for
    a subject of more than one line.

    Marketing says how it is stopped with one click (RFC 2369, RFC 8058). Whoever signs our mail (DKIM) has to cover
    both of those headers.
    """
    made = EmailMessage(policy=_POLICY)
    made["From"] = Address(name, addr_spec=sender)
    made["To"] = Address(addr_spec=to)
    made["Subject"] = letter.subject
    made["Date"] = letter.at
    made["Message-ID"] = f"<{letter.id}@{sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    if letter.stop is not None:
        made["List-Unsubscribe"] = f"<{letter.stop.open()}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made.set_content(letter.text.open(), subtype="plain", charset="utf-8", cte="quoted-printable")
    made["Content-Language"] = letter.language
    return made
