"""One logical endpoint, many spellings (wire contract 2.1). Nothing here ever redirects."""

import re

_SLASHES = re.compile(r"/{2,}")


def logical_path(path: str) -> str:
    """The logical name of a request path (already percent-decoded), e.g. `company/data/update`; "" for the root."""
    path = "/" + _SLASHES.sub("/", path).removeprefix("/")
    return path.removesuffix("/").removesuffix(".php").removesuffix("/index").removeprefix("/")
