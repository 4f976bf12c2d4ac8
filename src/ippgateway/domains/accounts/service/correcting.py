"""Correcting what a user said of themselves, because a request of theirs was granted (GDPR Article 16)."""

from ippgateway.domains.accounts.errors import BadProfile, NoSuchUser
from ippgateway.domains.accounts.models import User
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.domains.accounts.service.leaving import member
from ippgateway.domains.accounts.service.managing import recorded
from ippgateway.domains.accounts.service.renaming import set_email
from ippgateway.domains.accounts.service.users import require_profile
from ippgateway.privacy.catalogue import EMAIL, NAME, PHONE
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.correct import CannotCorrect
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.vocabulary import Category


def require_kind(category: Category | None, value: str) -> None:
    """Raises BadProfile of what can be no address, name or telephone number, where it should be one."""
    if category == EMAIL:
        require_profile(email=value)
    elif category == NAME:
        require_profile(name=value)
    elif category == PHONE:
        require_profile(phone=value)


async def correct(p: Platform, person: Person, column: str, value: str, *, by: str) -> None:
    """Write what a user says is right: an address as whoever manages users does, so that nobody is signed in by the
    former one. A user who is gone has nothing to correct. Raises CannotCorrect."""
    keeps = hall(p)[1]
    try:
        whom = await member(p, person)
    except NoSuchUser:
        return
    box = await p.persons.open(keeps, person.controller, person.person_id)
    attribute = getattr(User, column)
    if not box.has(attribute):
        raise CannotCorrect("restricted")
    if column == User.email.key:
        try:
            await set_email(
                p, audience=whom.audience, tenant_id=person.tenant, user_id=whom.user_id, email=value, by=by
            )
        except BadProfile:
            raise CannotCorrect("taken") from None
        return
    async with p.db.begin(keeps, tenants=[person.tenant]) as tx:
        await tx.execute(
            f"update ipp.app_user set {attribute.key} = $3 where tenant_id = $1 and id = $2",
            person.tenant, whom.user_id, box.seal(attribute, value),
        )  # fmt: skip
        await recorded(tx, p, by, "user.corrected", person.tenant, whom.user_id)
