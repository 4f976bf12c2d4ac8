"""The use cases of accounts, a file per verb."""

from ippgateway.domains.accounts.service.hall import hall
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
from ippgateway.domains.accounts.service.sign_in import sign_in
from ippgateway.domains.accounts.service.throttle import sign_up_allowed
from ippgateway.domains.accounts.service.tickets import check_ticket
from ippgateway.domains.accounts.service.users import NewUser, add, exists, user

__all__ = [
    "SESSION_LETTERS",
    "NewUser",
    "add",
    "check_ticket",
    "end",
    "end_others",
    "exists",
    "hall",
    "prove",
    "resume",
    "resume_browser",
    "sessions",
    "sign_in",
    "sign_out",
    "sign_up_allowed",
    "strong",
    "user",
]
