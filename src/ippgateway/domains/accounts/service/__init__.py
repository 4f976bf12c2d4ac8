"""The use cases of accounts, a file per verb."""

from ippgateway.domains.accounts.service.announcing import accept, accepted, announce, terms_in_force
from ippgateway.domains.accounts.service.applications import add_application, applications, remove_application
from ippgateway.domains.accounts.service.change import change_password, set_password
from ippgateway.domains.accounts.service.colleagues import box_of, tell_staff
from ippgateway.domains.accounts.service.correcting import correct, require_kind
from ippgateway.domains.accounts.service.entering import enter, leave
from ippgateway.domains.accounts.service.events import events
from ippgateway.domains.accounts.service.factors import factors, remove_factor
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.domains.accounts.service.invite import accept_invite, invite
from ippgateway.domains.accounts.service.leaving import Member, depart, depart_all, member, person_by_address
from ippgateway.domains.accounts.service.managing import close_user, set_policy, set_rights, tell_managers
from ippgateway.domains.accounts.service.passkeys import (
    begin_passkey,
    begin_passkey_proof,
    confirm_passkey,
    prove_passkey,
)
from ippgateway.domains.accounts.service.policies import add_policy, change_policy, policies, remove_policy
from ippgateway.domains.accounts.service.recovery import new_recovery_codes, prove_recovery, recovery_left
from ippgateway.domains.accounts.service.renaming import set_email
from ippgateway.domains.accounts.service.reset import ask_reset, redeem_reset, reset, written
from ippgateway.domains.accounts.service.sessions import (
    SESSION_LETTERS,
    end,
    end_others,
    prove,
    resume,
    resume_browser,
    sessions,
    sign_out,
    strong,
)
from ippgateway.domains.accounts.service.sign_in import open_session, sign_in, sign_in_browser
from ippgateway.domains.accounts.service.support import find_asker, users_of
from ippgateway.domains.accounts.service.throttle import sign_up_allowed
from ippgateway.domains.accounts.service.tickets import check_ticket
from ippgateway.domains.accounts.service.totp import begin_totp, confirm_totp, prove_totp
from ippgateway.domains.accounts.service.users import (
    NewUser,
    add,
    change_preferences,
    change_profile,
    exists,
    has_address,
    person_of,
    user,
    users,
)
from ippgateway.domains.accounts.service.verify import ask_new_email, ask_verify, confirm_new_email, verify

__all__ = [
    "SESSION_LETTERS",
    "Member",
    "NewUser",
    "accept",
    "accept_invite",
    "accepted",
    "add",
    "add_application",
    "add_policy",
    "announce",
    "applications",
    "ask_new_email",
    "ask_reset",
    "ask_verify",
    "begin_passkey",
    "begin_passkey_proof",
    "begin_totp",
    "box_of",
    "change_password",
    "change_policy",
    "change_preferences",
    "change_profile",
    "check_ticket",
    "close_user",
    "confirm_new_email",
    "confirm_passkey",
    "confirm_totp",
    "correct",
    "depart",
    "depart_all",
    "end",
    "end_others",
    "enter",
    "events",
    "exists",
    "factors",
    "find_asker",
    "hall",
    "has_address",
    "invite",
    "leave",
    "member",
    "new_recovery_codes",
    "open_session",
    "person_by_address",
    "person_of",
    "policies",
    "prove",
    "prove_passkey",
    "prove_recovery",
    "prove_totp",
    "recovery_left",
    "redeem_reset",
    "remove_application",
    "remove_factor",
    "remove_policy",
    "require_kind",
    "reset",
    "resume",
    "resume_browser",
    "sessions",
    "set_email",
    "set_password",
    "set_policy",
    "set_rights",
    "sign_in",
    "sign_in_browser",
    "sign_out",
    "sign_up_allowed",
    "strong",
    "tell_managers",
    "tell_staff",
    "terms_in_force",
    "user",
    "users",
    "users_of",
    "verify",
    "written",
]
