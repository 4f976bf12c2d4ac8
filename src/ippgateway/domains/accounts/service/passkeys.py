"""Passkeys: added and proven, as a second factor beside the password (WebAuthn; facts, I.5)."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import webauthn
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    RegistrationCredential,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from ippgateway.core.database import Tx
from ippgateway.core.log import Log
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.errors import BadProfile, WrongFactor
from ippgateway.domains.accounts.models import Factor
from ippgateway.domains.accounts.schemas import Arrival, Proven, Session, SignedIn, Site
from ippgateway.domains.accounts.service import tickets
from ippgateway.domains.accounts.service.factors import added, label_of, may_add
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.domains.accounts.service.knowing import Known
from ippgateway.domains.accounts.service.proof import prove_by
from ippgateway.domains.accounts.service.tickets import TicketKind
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.sealing import digest
from ippgateway.privacy.zones import PLATFORM

_log = Log("passkeys")
_T = TypeVar("_T")

_TIMEOUT_MS = 300_000
_CHALLENGE_OCTETS = 32
_LONGEST_ANSWER = 16_384
_LONGEST_ID = 1_023
_ALGORITHMS = [
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
_ADDING, _PROVING = "adding", "proving"

# --- added ---


async def begin_passkey(p: Platform, session: Session, site: Site) -> str:
    """What a browser is told to make a passkey with, as JSON. Raises NotStrong, BadProfile."""
    async with p.db.begin(hall(p)[1], tenants=[session.home_id]) as tx:
        whom = await may_add(tx, p, session)
        has = await _ids(tx, whom)
        challenge = await _challenge(tx, p, session, _ADDING)
    options = webauthn.generate_registration_options(
        rp_id=site.host, rp_name=site.name, user_id=_handle(p, session), user_name=whom.email.open(),
        user_display_name=whom.name.open() or whom.email.open(), challenge=challenge, timeout=_TIMEOUT_MS,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in has],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        supported_pub_key_algs=_ALGORITHMS,
    )  # fmt: skip
    return webauthn.options_to_json(options)


async def confirm_passkey(
    p: Platform, session: Session, site: Site, *, answer: str, label: str, arrival: Arrival | None
) -> Proven:
    """A passkey as the browser made it. Raises WrongFactor, NotStrong, BadProfile."""
    named = label_of(label)
    credential = _read(lambda: parse_registration_credential_json(_bounded(answer)))
    challenge = await _spend(p, session, credential, _ADDING)
    made = _read(
        lambda: webauthn.verify_registration_response(
            credential=credential, expected_challenge=challenge, expected_rp_id=site.host,
            expected_origin=site.origin, require_user_verification=True, supported_pub_key_algs=_ALGORITHMS,
        )
    )  # fmt: skip
    async with p.db.begin(hall(p)[1], tenants=[session.home_id]) as tx:
        whom = await may_add(tx, p, session)
        if len(made.credential_id) > _LONGEST_ID or made.credential_id in await _ids(tx, whom):
            raise WrongFactor
        factor_id, now = p.ids.new(), p.clock.now()
        await tx.execute(
            "insert into ipp.second_factor (tenant_id, user_id, id, kind, created_at, confirmed_at, used_at, "
            "sign_count, label, secret, credential_id) values ($1, $2, $3, 'passkey', $4, $4, $4, $5, $6, $7, $8)",
            whom.tenant_id, whom.user_id, factor_id, now, made.sign_count, whom.box.seal(Factor.label, named),
            whom.box.seal(Factor.secret, bytes_to_base64url(made.credential_public_key)), made.credential_id,
        )  # fmt: skip
        return await added(tx, p, session, whom, factor_id=factor_id, label=named, arrival=arrival)


# --- proven ---


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class _Passkey:
    """A passkey on record. Never printed."""

    factor_id: str
    public_key: bytes
    sign_count: int


async def begin_passkey_proof(p: Platform, session: Session, site: Site) -> str:
    """What a browser is told to prove a passkey with, as JSON. Raises BadProfile when the user has none."""
    async with p.db.begin(hall(p)[1], tenants=[session.home_id]) as tx:
        rows = await tx.fetch(_HAS, session.home_id, session.user_id)
        if not rows:
            raise BadProfile("passkey")
        challenge = await _challenge(tx, p, session, _PROVING)
    options = webauthn.generate_authentication_options(
        rp_id=site.host, challenge=challenge, timeout=_TIMEOUT_MS,
        allow_credentials=[PublicKeyCredentialDescriptor(id=row["credential_id"]) for row in rows],
        user_verification=UserVerificationRequirement.REQUIRED,
    )  # fmt: skip
    return webauthn.options_to_json(options)


async def prove_passkey(p: Platform, session: Session, site: Site, *, answer: str, arrival: Arrival | None) -> SignedIn:
    """Lift a session by a passkey's answer. Raises WrongFactor, TooManyFailures."""
    try:
        credential = _read(lambda: parse_authentication_credential_json(_bounded(answer)))
        challenge = await _spend(p, session, credential, _PROVING)
    except WrongFactor:
        return await prove_by(p, session, arrival, _refuse)

    async def check(tx: Tx, whom: Known) -> None:
        if not _theirs(credential.response.user_handle, _handle(p, session)):
            raise WrongFactor
        passkey = await _passkey(tx, whom, credential.raw_id)
        proven = _read(
            lambda: webauthn.verify_authentication_response(
                credential=credential, expected_challenge=challenge, expected_rp_id=site.host,
                expected_origin=site.origin, credential_public_key=passkey.public_key,
                # The counter is compared below, where of two who come at once one is first.
                credential_current_sign_count=0, require_user_verification=True,
            )
        )  # fmt: skip
        await _counted(tx, p, whom, passkey, proven.new_sign_count)

    return await prove_by(p, session, arrival, check)


async def _refuse(_tx: Tx, _whom: Known) -> None:
    """An answer without a challenge of ours is a guess as any other."""
    raise WrongFactor


async def _passkey(tx: Tx, whom: Known, credential_id: bytes) -> _Passkey:
    row = await tx.row(
        "select id, secret, sign_count from ipp.second_factor where tenant_id = $1 and user_id = $2 "
        "and kind = 'passkey' and confirmed_at is not null and credential_id = $3",
        whom.tenant_id, whom.user_id, credential_id,
    )  # fmt: skip
    if row is None:
        raise WrongFactor
    key = base64url_to_bytes(whom.box.open(Factor.secret, row["secret"]).open())
    return _Passkey(factor_id=row["id"], public_key=key, sign_count=row["sign_count"])


async def _counted(tx: Tx, p: Platform, whom: Known, passkey: _Passkey, count: int) -> None:
    """A counter that does not go up tells of a copy of the passkey, unless it never counts (WebAuthn, 6.1.1)."""
    if not await tx.execute(
        "update ipp.second_factor set sign_count = $4, used_at = $5 where tenant_id = $1 and user_id = $2 and id = $3 "
        "and (sign_count < $4 or (sign_count = 0 and $4 = 0))",
        whom.tenant_id, whom.user_id, passkey.factor_id, count, p.clock.now(),
    ):  # fmt: skip
        _log.warning("passkey.counted_back", factor=passkey.factor_id)
        raise WrongFactor


# --- what both have in common ---

_HAS = (
    "select credential_id from ipp.second_factor where tenant_id = $1 and user_id = $2 and kind = 'passkey' "
    "and confirmed_at is not null order by id"
)


async def _ids(tx: Tx, whom: Known) -> list[bytes]:
    return [row["credential_id"] for row in await tx.fetch(_HAS, whom.tenant_id, whom.user_id)]


def _handle(p: Platform, session: Session) -> bytes:
    """What a passkey calls its user: the same for all of theirs, and nobody's id."""
    return p.persons.index.code(PLATFORM, "passkey.user", session.user_id)


def _theirs(told: bytes | None, handle: bytes) -> bool:
    """Whether it is this user's passkey, if it says whose it is."""
    return told is None or hmac.compare_digest(told, handle)


async def _challenge(tx: Tx, p: Platform, session: Session, step: str) -> bytes:
    """A challenge that is good once, for this step of this session, within five minutes."""
    challenge = p.ids.randomness.octets(_CHALLENGE_OCTETS)
    await tickets.issue(
        tx, p, tenant_id=session.home_id, user_id=session.user_id, kind=TicketKind.PASSKEY,
        secret=_ticket(session, step, challenge),
    )  # fmt: skip
    return challenge


async def _spend(
    p: Platform, session: Session, credential: RegistrationCredential | AuthenticationCredential, step: str
) -> bytes:
    """The challenge that an answer names, used up, whatever becomes of the answer. Raises WrongFactor."""
    told = _read(lambda: parse_client_data_json(credential.response.client_data_json))
    if told.cross_origin:
        raise WrongFactor
    async with p.db.begin(hall(p)[1], tenants=[session.home_id]) as tx:
        if not await tx.execute(
            "update ipp.ticket set used_at = $4 where tenant_id = $1 and user_id = $2 and kind = 'passkey' "
            "and digest = $3 and used_at is null and ends_at > $4",
            session.home_id, session.user_id, digest(_ticket(session, step, told.challenge).open()), p.clock.now(),
        ):  # fmt: skip
            raise WrongFactor
    return told.challenge


def _ticket(session: Session, step: str, challenge: bytes) -> Secret[str]:
    return Secret(f"{step}|{session.id}|{bytes_to_base64url(challenge)}")


def _bounded(answer: str) -> str:
    if len(answer) > _LONGEST_ANSWER:
        raise ValueError("too long")
    return answer


def _read(parse: Callable[[], _T]) -> _T:
    """What a browser sent, read and verified. Raises WrongFactor."""
    try:
        return parse()
    except Exception:
        # Three libraries read it, and whatever any of them stumbles over proves nothing. Their errors quote it.
        raise WrongFactor from None
