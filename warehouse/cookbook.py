"""The cookbook as a page: each question of `queries`, its SQL, and what a published file answers."""

from pathlib import Path

from warehouse.checks import sentence_of
from warehouse.query import QUERIES_DIR, run_query

SHOWN_ROWS = 12
HEAD = (
    "Generated from `warehouse/queries` by `vpoe docs`. The answers are those of the demo market, which "
    'is invented; ask your own file with `vpoe query "$(cat warehouse/queries/vpoe_by_month.sql)"`.'
)


def to_cookbook(published: Path, queries: Path = QUERIES_DIR) -> str:
    """All questions with their answers. Raises QueryError for one that doesn't run."""
    files = sorted(queries.glob("*.sql"))
    questions = {file.stem: sentence_of(file.read_text(encoding="utf-8")) for file in files}
    contents = [f"- [{question}](#{name})" for name, question in questions.items()]
    recipes = [_recipe(published, file, questions[file.stem]) for file in files]
    return "\n".join(["# Cookbook", "", HEAD, "", *contents, "", *recipes])


def _recipe(published: Path, file: Path, question: str) -> str:
    sql = file.read_text(encoding="utf-8")
    result = run_query(published, sql)
    shown = type(result)(result.columns, result.rows[:SHOWN_ROWS])
    rest = len(result.rows) - len(shown.rows)
    body = sql.partition("\n")[2].strip()
    lines = [f"## {file.stem}", "", question, "", "```sql", body, "```", ""]
    lines += ["```text", shown.render().rstrip("\n"), "```", ""]
    return "\n".join([*lines, *([f"… and {rest} more rows.", ""] if rest else [])])


def write_cookbook(published: Path, page: Path) -> None:
    page.write_text(to_cookbook(published), encoding="utf-8")
