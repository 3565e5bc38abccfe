"""
Ask the published file in a notebook: SQL, the project's own trend, chart and sentence.

    pip install 'vpoe[notebook]'
    marimo edit docs/notebook.py            # the demo's file, or VPOE_FILE=data/vpoe.duckdb

`tests/test_notebook.py` runs every cell.
"""

import marimo

app = marimo.App(width="medium", app_title="Demand for engineering leaders")


@app.cell
def _():
    import os
    from pathlib import Path

    import duckdb
    import marimo as mo

    from warehouse.charts import chart
    from warehouse.claims import claim
    from warehouse.trend import trend

    file = Path(os.environ.get("VPOE_FILE", "demo/vpoe.duckdb"))
    db = duckdb.connect(str(file), read_only=True)

    def ask(sql, *values):
        """The rows of a query, as dicts."""
        found = db.execute(sql, list(values))
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    return ask, chart, claim, file, mo, trend


@app.cell
def _(mo):
    mo.md("""
    # Demand for engineering leaders

    Every figure counts advertisements, not hires. Choose a role; the cells below follow.
    """)


@app.cell
def _(ask, mo):
    roles = {row["preferred_label_en"]: row["role_id"] for row in ask("from roles order by all")}
    first = next(label for label, role_id in roles.items() if role_id == "vp_engineering")
    role = mo.ui.dropdown(roles, value=first, label="Role")
    role
    return (role,)


@app.cell
def _(chart, file, mo, role, trend):
    demand = trend(file, role.value, by="week")
    mo.vstack([chart(demand), mo.md("\n\n".join(demand.notes))])
    return (demand,)


@app.cell
def _(ask, mo, role):
    # The macro gives the honest number: with its interval, its panel and what is carried over.
    months = ask("from role_trend(?, 'month')", role.value)
    mo.ui.table(months, selection=None)
    return (months,)


@app.cell
def _(ask, mo, role):
    skills = ask("from skills_of(?) limit 15", role.value)
    mo.ui.table(skills, selection=None)
    return (skills,)


@app.cell
def _(claim, file, mo, months, role):
    # The sentence that may be printed of the newest whole month, or why none may.
    whole = [row["period_start_date"] for row in months if not row["is_provisional"]]
    said = claim(file, role.value, f"{max(whole):%Y-%m}") if whole else None
    mo.md(said.render() if said else "No month is whole yet.")
    return (said,)


if __name__ == "__main__":
    app.run()
