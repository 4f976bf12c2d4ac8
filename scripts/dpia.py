"""Puts the table of today into docs/dpia.md. Whoever runs this reads the assessment again: its words are by hand."""

from pathlib import Path

from ippgateway.privacy.record import dpia_table

TARGET = Path(__file__).parent.parent / "docs" / "dpia.md"
FROM, TO = "<!-- generated: from here -->\n", "<!-- generated: to here -->"


def main() -> None:
    """Write it."""
    before, _, rest = TARGET.read_text().partition(FROM)
    _, _, after = rest.partition(TO)
    TARGET.write_text(f"{before}{FROM}{dpia_table()}{TO}{after}")
    print("wrote docs/dpia.md")


if __name__ == "__main__":
    main()
