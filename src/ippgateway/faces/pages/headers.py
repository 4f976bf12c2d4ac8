"""Headers on every answer of a page. The browser itself then refuses frames, forms, other addresses, and every script
that is not a file of ours (`seen.js`, which reports to our own address alone)."""

POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)

_UNUSED = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "clipboard-read", "clipboard-write", "display-capture",
    "encrypted-media", "fullscreen", "geolocation", "gyroscope", "hid", "idle-detection", "magnetometer", "microphone",
    "midi", "payment", "picture-in-picture", "publickey-credentials-create", "publickey-credentials-get",
    "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip


def refusing(*but: str) -> str:
    """The permissions policy: nothing that no page of ours uses. `but`: what is left to the page and to whom it frames
    and says so."""
    return ", ".join(f"{feature}=()" for feature in _UNUSED if feature not in but)


SECURITY: dict[str, str] = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": refusing(),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}

# A page may change with the next start, a fingerprinted file never; what is missing may be there in a moment.
PAGE_CACHE = "no-cache"
FILE_CACHE = "public, max-age=31536000, immutable"
MISSING_CACHE = "no-store"
