"""What follows from the settings: where files and sockets lie, and which port is whose."""

import hashlib
from pathlib import Path

from ippgateway.core.secret import Secret

PORTS_USED = 8
# A socket's path has room for 107 bytes; the longest name that we put behind the run directory takes 24.
_LONGEST_RUN_DIR = 80


class Places:
    """The places of one installation."""

    data_dir: Path
    port: int
    database_url: Secret[str] | None
    keys_database_url: Secret[str] | None

    @property
    def run_dir(self) -> Path:
        """Sockets and process ids. Under the data directory unless that makes a socket's path too long."""
        inside = self.data_dir / "run"
        if len(bytes(inside)) <= _LONGEST_RUN_DIR:
            return inside
        mark = hashlib.sha256(bytes(self.data_dir)).hexdigest()[:16]
        return Path("/tmp") / f"ippgateway-{mark}"  # noqa: S108 - made 0711, and refused when another user owns it

    @property
    def log_dir(self) -> Path:
        """What the processes say, one bounded file each."""
        return self.data_dir / "log"

    @property
    def secrets_dir(self) -> Path:
        """Passwords that this installation made for itself."""
        return self.data_dir / "secrets"

    @property
    def keys_dir(self) -> Path:
        """The file master keys."""
        return self.data_dir / "keys"

    @property
    def sandbox_dir(self) -> Path:
        """The books of the sandbox acquirer."""
        return self.data_dir / "sandbox"

    @property
    def postgres_dir(self) -> Path:
        """The embedded server's files, a folder for each major version."""
        return self.data_dir / "postgres"

    @property
    def postgres_socket_dir(self) -> Path:
        """Where the embedded server listens."""
        return self.run_dir / "pg"

    @property
    def keys_postgres_dir(self) -> Path:
        """The files of the embedded server for the keys, a folder for each major version."""
        return self.data_dir / "postgres-keys"

    @property
    def keys_postgres_socket_dir(self) -> Path:
        """Where the embedded server for the keys listens."""
        return self.run_dir / "pgk"

    @property
    def is_keys_apart(self) -> bool:
        """Whether the wrapped keys lie in another server than the data, so that no backup of the data holds one."""
        data, keys = self.database_url, self.keys_database_url
        return data is None or keys is None or data.open() != keys.open()

    @property
    def trust_file(self) -> Path:
        """What the checks of the promises found, for the site to show."""
        return self.data_dir / "trust" / "promises.json"

    def zone_socket(self, name: str) -> Path:
        """The local socket of a zone's process."""
        return self.run_dir / "zones" / f"{name}.sock"

    @property
    def sandbox_acquirer_port(self) -> int:
        """Where the sandbox acquirer listens."""
        return self.port + 1

    @property
    def sandbox_books_port(self) -> int:
        """Where the sandbox acquirer shows its books."""
        return self.port + 2

    @property
    def sandbox_directory_port(self) -> int:
        """Where the sandbox's 3-D Secure directory server listens."""
        return self.port + 3

    @property
    def sandbox_access_control_port(self) -> int:
        """Where the sandbox's 3-D Secure access-control server listens."""
        return self.port + 4

    @property
    def sandbox_shop_port(self) -> int:
        """Where the demo shop listens."""
        return self.port + 5

    @property
    def sandbox_smtp_port(self) -> int:
        """Where the sandbox's mail server listens."""
        return self.port + 6

    @property
    def sandbox_mailbox_port(self) -> int:
        """Where the sandbox shows the letters that were sent."""
        return self.port + 7

    @property
    def sandbox_shop_terms(self) -> Path:
        """What the Platform tells the demo shop: addresses, id, payment key."""
        return self.sandbox_dir / "shop.json"
