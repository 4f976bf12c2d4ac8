"""Links that let somebody without an account see what is held about an e-mail address."""

from datetime import datetime

from sqlalchemy import DateTime, Index
from sqlalchemy.orm import Mapped

from ippgateway.privacy.catalogue import CREDENTIAL, LINK_TERM, OWN_DATA, PSEUDONYM
from ippgateway.privacy.declare import ID, Access, Declares, Table, personal, plain
from ippgateway.privacy.vocabulary import HeldAs, Words


class DataLink(Table):
    """A link that was mailed. The address is not stored: whoever opens the link types it once more, and it is compared
    by its keyed code."""

    __tablename__ = "data_link"
    __table_args__ = (Index("ix_data_link_digest", "digest"), Index("ix_data_link_code", "email_code", "created_at"))
    __declares__ = Declares(
        about=Words(en="links to what is held about an address", da="links til, hvad der er gemt om en adresse"),
        tenant=None,
        owner="email_code",
        since="ends_at",
        held_as=HeldAs.CONTROLLER,
        access=(Access(OWN_DATA, insert=True, update=("used_at",), delete=True, across_tenants=True),),
    )
    id: Mapped[str] = plain(ID, primary_key=True)
    created_at: Mapped[datetime] = plain(DateTime(timezone=True))
    ends_at: Mapped[datetime] = plain(DateTime(timezone=True))
    used_at: Mapped[datetime | None] = plain(DateTime(timezone=True))
    email_code: Mapped[bytes] = personal(PSEUDONYM, uses={OWN_DATA}, keep=LINK_TERM)
    digest: Mapped[bytes] = personal(CREDENTIAL, uses={OWN_DATA}, keep=LINK_TERM)
