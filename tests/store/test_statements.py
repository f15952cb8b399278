"""The statements of the append path stand compiled in the code; here they are held to the tables they came from."""

import pytest
from sqlalchemy import Insert, insert
from sqlalchemy.dialects import sqlite

from kapdesk.store import statements, tables


@pytest.mark.parametrize(
    ("compiled", "statement"),
    [
        (statements.INSERT_ENTRY, insert(tables.entry)),
        (statements.INSERT_PAYLOAD, insert(tables.payload)),
        (statements.KEEP_DRAFT, insert(tables.draft).prefix_with("OR REPLACE")),
    ],
)
def test_a_statement_is_what_the_tables_compile_to(compiled: str, statement: Insert) -> None:
    assert str(statement.compile(dialect=sqlite.dialect(paramstyle="qmark"))) == compiled


def test_the_columns_are_read_in_the_order_of_the_tables() -> None:
    names = [name.removeprefix("entry.").strip('"') for name in statements.ENTRY_COLUMNS.split(", ")]
    assert names == list(tables.entry.columns.keys())
    names = [name.removeprefix("payload.") for name in statements.PAYLOAD_COLUMNS.split(", ")]
    assert names == list(tables.payload.columns.keys())[1:]
