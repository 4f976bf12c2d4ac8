"""The use cases of accounts, a file per verb."""

from ippgateway.domains.accounts.service.hall import hall
from ippgateway.domains.accounts.service.sessions import resume
from ippgateway.domains.accounts.service.sign_in import SESSION_LETTERS, sign_in
from ippgateway.domains.accounts.service.users import NewUser, add, exists, user

__all__ = ["SESSION_LETTERS", "NewUser", "add", "exists", "hall", "resume", "sign_in", "user"]
