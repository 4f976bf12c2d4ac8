"""The record of processing has what the law lists, and the papers are what the program writes (Article 30)."""

import csv
import io
from pathlib import Path

from ippgateway.app.settings import Settings
from ippgateway.privacy.declare import MAIN, declaration_of, declared
from ippgateway.privacy.policy import People
from ippgateway.privacy.record import COLUMNS, activities, as_csv, as_markdown, dpia_table
from ippgateway.privacy.registry import tables
from ippgateway.privacy.vocabulary import HeldAs, Place

DOCS = Path(__file__).parents[2] / "docs"
WRITE = "run: .venv/bin/ippgateway record > docs/reference/record-of-processing.md"


def test_every_personal_field_is_in_the_record_with_its_purposes_recipients_and_terms() -> None:
    known = {(each.role, each.purpose): each for each in activities()}
    for table in tables(MAIN):
        for column in table.c:
            said = declaration_of(column)
            for purpose in said.uses if said.category is not None else ():
                activity = known[declared(table).held_as, purpose]
                assert said.category in activity.categories
                assert said.keep in activity.terms
                assert said.to <= set(activity.recipients)


def test_both_parts_are_there_and_every_activity_says_whom_it_is_about() -> None:
    assert {each.role for each in activities()} == set(HeldAs)
    for each in activities():
        assert each.people, each.purpose.key
        if each.role is HeldAs.PROCESSOR:
            assert each.people == (People.PAYERS,)


def test_the_csv_has_a_column_for_each_item_of_the_article_and_no_empty_cell() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv())))
    assert len(rows) == len(activities())
    for row in rows:
        assert tuple(row) == COLUMNS
        assert all(row.values())


def test_whoever_may_be_outside_the_eu_is_named_as_a_transfer() -> None:
    for each in activities():
        for recipient in each.recipients:
            assert (recipient in each.transfers) is bool(recipient.places - {Place.EU})


def test_the_published_record_is_what_the_program_writes() -> None:
    settings = Settings.from_env({})
    written = as_markdown(operator=settings.controller, support=settings.support_address)
    assert (DOCS / "reference" / "record-of-processing.md").read_text() == written, WRITE


def test_the_assessment_of_impact_has_the_table_of_today() -> None:
    _, _, rest = (DOCS / "dpia.md").read_text().partition("<!-- generated: from here -->\n")
    table, _, judged = rest.partition("<!-- generated: to here -->")
    assert table == dpia_table(), "run: .venv/bin/python scripts/dpia.py, and read the assessment again"
    assert "What can go wrong" in judged
