"""Writes the inventory of the payment pages' scripts: `.venv/bin/python scripts/payment_scripts.py`."""

from datetime import UTC, datetime
from pathlib import Path

from ippgateway.faces.pay.files import Files, scripts_page

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "scripts.md"

PAGE.write_text(scripts_page(Files(checked_at=datetime.now(UTC)).inventory()))
print(f"wrote {PAGE}")
