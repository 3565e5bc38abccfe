"""Take the text of boards and employers out of the store for good; what stays are counts."""

from collections.abc import Collection, Sequence
from datetime import date

from warehouse.store import BoardKey, Store

# An employer's text may also be on a board of several employers, whose other postings stay.
SQL = """
    create or replace temp table unwanted as
    select distinct source, board, content_hash
    from raw.observations
    join raw.contents using (content_hash)
    where
        contents.title <> ''
        and (
            (source, board) in (select (key[1], key[2]) from (select unnest(?::varchar[][]) as key))
            or lower(employer_text) in (select lower(unnest(?::varchar[])))
        )
"""
BLANK = """
    update raw.contents
    set
        title = '', description_html = null, employer_text = null, location_text = null,
        department = null, employment_type_text = null, salary_text = null, language_hint = null
    where content_hash in (select content_hash from unwanted);
    update extract.mentions
    set text = '', excerpt = null
    where content_hash in (select content_hash from unwanted);
    update raw.observations
    set url = null, requisition_id = null
    where (source, board, content_hash) in (select (source, board, content_hash) from unwanted)
"""


def purge(
    store: Store, keys: Collection[BoardKey], employers: Sequence[str], crawl_date: date
) -> dict[BoardKey, int]:
    """
    Blank titles, texts, excerpts and addresses; count the texts, by the board that listed them.

    The postings, their dates and what was read from them stay, without the employer's name.
    """
    run = store.connection.execute
    with store.transaction():
        run(SQL, [[list(key) for key in keys], list(employers)])
        counts = run(
            "select source, board, count(distinct content_hash) from unwanted group by all"
        ).fetchall()
        run(BLANK)
        for source, board in keys:
            run(
                "update raw.boards set employer = null where source = ? and board = ?",
                [source, board],
            )
            run("delete from raw.validators where source = ? and board = ?", [source, board])
        store.upsert(
            "raw.purges",
            [
                {"crawl_date": crawl_date, "source": source, "board": board, "texts": texts}
                for source, board, texts in counts
            ],
        )
        run("drop table unwanted")
        if counts:
            store.note_rewrite("a purge")
    return {(source, board): texts for source, board, texts in counts}


def employers_of(store: Store) -> list[tuple[BoardKey, str | None]]:
    rows = store.connection.execute("select source, board, employer from raw.boards").fetchall()
    return [((source, board), employer) for source, board, employer in rows]
