"""
Write the report: a folder of plain files that opens from disk and from any static host.

    index.html            the way to a language
    en/, ja/              the pages, the feed, the headline as JSON
    en/figures/, …        each figure as SVG, PNG and CSV
    style.css, app.js     of all pages; vega.js draws the charts, and nothing is fetched from elsewhere
    data/                 the published file for the Explore page, and tables of figures as Parquet
    engine/               what asks it in SQL, where `make site-assets` was run
"""

import filecmp
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import vl_convert
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from warehouse.charts import SCALE
from warehouse.periods import Language
from warehouse.publish import point_link
from warehouse.query import open_published
from warehouse.report.coverage import coverage
from warehouse.report.demand import demand
from warehouse.report.explore import DATABASE, ENGINE, ENGINE_DIR, explore, has_engine, write_tables
from warehouse.report.feed import atom, headline_json
from warehouse.report.figures import Figure
from warehouse.report.postings import LIMIT, postings
from warehouse.report.roles import roles
from warehouse.report.skills import skills
from warehouse.report.words import WORDS
from warehouse.report.world import World, open_world
from warehouse.statement_words import VERDICTS
from warehouse.statements import statements
from warehouse.workspace import Workspace

ADDRESS = "VPOE_REPORT_URL"  # where the folder will lie, with a slash: pictures of links need whole addresses
LANGUAGES: tuple[Language, Language] = ("en", "ja")
PAGES = ("index", "roles", "statements", "skills", "coverage", "postings", "explore")
SNIPPET = "window.vegaEmbed = vegaEmbed;"
CODE = re.compile("`([^`]*)`")
STATIC = Path(__file__).parent / "static"
# Scripts come from our own files alone: a text that slipped through as markup still can't run.
POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'"
# Of the Explore page: the engine is WebAssembly, and reads the published file beside the pages.
ENGINE_POLICY = POLICY.replace(
    "script-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'",
)


def write_report(where: Workspace | Path, folder: Path) -> list[Path]:
    """
    Write the report of a published file into the folder, in the place of what is there.

    The new report is whole before the old one goes. Returns its pages. Raises NotPublishedError if
    there is no file, FileExistsError if the folder holds something else than a report.
    """
    path = where.warehouse if isinstance(where, Workspace) else where
    if folder.exists() and any(folder.iterdir()) and not (folder / "vega.js").exists():
        raise FileExistsError(f"{folder} holds other files than a report; name an empty folder")
    new, old = (folder.with_name(f"{folder.name}.{state}") for state in ("new", "old"))
    with open_published(path) as connection:
        worlds = [open_world(connection, path, lang) for lang in LANGUAGES]
        for left_over in (new, old):
            shutil.rmtree(left_over, ignore_errors=True)
        new.mkdir(parents=True)
        write_tables(connection, new / "data")
        pages = [page.relative_to(new) for page in _write(worlds, new)]
    if has_engine():
        _share(path, new / "data" / DATABASE)
    if folder.exists():
        folder.rename(old)
    new.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    return [folder / page for page in pages]


def publish_report(workspace: Workspace) -> Path:
    """
    Write the report of the newest published file among the editions, and point `latest` at it.

    Editions are named by date and kept; a reader of `latest` gets the old or the new one, whole.
    """
    with open_published(workspace.warehouse) as connection:
        (as_of_date,) = connection.execute("select as_of_date from about").fetchall()[0]
    latest = workspace.report_latest
    others = sorted(latest.parent.glob(f"{as_of_date}.*"))
    number = 1 + max((int(one.suffix[1:]) for one in others if one.suffix[1:].isdigit()), default=0)
    edition = latest.with_name(f"{as_of_date}.{number}")
    write_report(workspace, edition)
    if latest.exists():
        _share_unchanged(latest.resolve(), edition)
    point_link(latest, edition)
    for other in others:
        shutil.rmtree(other)
    for other in latest.parent.glob(f"*/data/{DATABASE}"):
        if not other.is_relative_to(edition) and not other.is_relative_to(latest):
            other.unlink()  # a night's file is kept as its newest edition only: `as_of` asks for older ones
    return latest / "index.html"


def _share_unchanged(old: Path, new: Path) -> None:
    """Let an edition's files that are those of the edition before lie on the disk once."""
    for file in new.rglob("*"):
        before = old / file.relative_to(new)
        if file.is_file() and before.is_file() and filecmp.cmp(before, file, shallow=False):
            file.unlink()
            _share(before, file)


def _share(file: Path, target: Path) -> None:
    """A second name of the file; a copy where the file system has no such names."""
    try:
        os.link(file, target)
    except OSError:
        shutil.copyfile(file, target)


def _write(worlds: Iterable[World], folder: Path) -> Iterator[Path]:
    for file in STATIC.iterdir():
        shutil.copyfile(file, folder / file.name)
    bundle = f"(function(){{{vl_convert.javascript_bundle(SNIPPET)}\n}})();\n"
    (folder / "vega.js").write_text(bundle, encoding="utf-8")
    if has_engine():
        (folder / "engine").mkdir()
        for name in ENGINE:
            _share(ENGINE_DIR / name, folder / "engine" / name)
    pages = _templates()
    for world in worlds:
        yield from _write_language(world, pages, folder / world.lang)
    front = pages.get_template("choose.html").render(policy=POLICY, words=WORDS)
    (folder / "index.html").write_text(front, encoding="utf-8")
    yield folder / "index.html"


def _templates() -> Environment:
    """All that is put into a page is escaped; a word that a page lacks is an error."""
    pages = Environment(
        loader=PackageLoader("warehouse.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters["first_upper"] = lambda text: text[:1].upper() + text[1:]
    pages.filters["code"] = lambda text: Markup(CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before
    return pages


def _write_language(world: World, pages: Environment, folder: Path) -> Iterator[Path]:
    (folder / "figures").mkdir(parents=True)
    front = demand(world)
    contents = {
        "index": front,
        "roles": roles(world),
        "statements": statements(world.path, lang=world.lang),
        "skills": skills(world),
        "coverage": coverage(world),
        "postings": list(postings(world)),
        "explore": explore(),
    }
    shared = {
        "lang": world.lang,
        "words": WORDS[world.lang],
        "citation": world.citation,
        "is_invented": world.is_invented,
        "address": os.environ.get(ADDRESS, ""),
    }
    (folder / "embed").mkdir()
    pictures: dict[str, str] = {}  # of each page its first figure
    for page, figure in _figures(contents):
        pictures.setdefault(page, figure.name)
        _write_figure(figure, world, folder / "figures")
        embed = pages.get_template("embed.html").render(
            shared, figure=figure, page=page, policy=POLICY
        )
        (folder / "embed" / f"{figure.name}.html").write_text(embed, encoding="utf-8")
    (folder / "headline.json").write_bytes(headline_json(world, front))
    (folder / "feed.xml").write_text(atom(world, front), encoding="utf-8")
    for name in PAGES:
        text = pages.get_template(f"{name}.html").render(
            shared,
            page=contents[name],
            name=name,
            pages=PAGES,
            other=next(one for one in LANGUAGES if one != world.lang),
            picture=pictures.get(name) or pictures.get("index"),
            policy=ENGINE_POLICY if name == "explore" else POLICY,
            verdicts=VERDICTS[world.lang],
            limit=LIMIT,
        )
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
        yield folder / f"{name}.html"


def _figures(contents: dict[str, Any]) -> Iterator[tuple[str, Figure]]:
    """Each figure, with the page that shows it."""
    roles_page = contents["roles"]
    found = {
        "index": contents["index"].figures,
        "roles": [*roles_page.figures, *roles_page.pays, roles_page.slices],
        "skills": [contents["skills"].figure],
        "coverage": contents["coverage"].figures,
    }
    for page, figures in found.items():
        yield from ((page, figure) for figure in figures if figure)


def _write_figure(figure: Figure, world: World, folder: Path) -> None:
    picture = figure.svg(world.citation, world.lang)
    (folder / f"{figure.name}.svg").write_text(picture, encoding="utf-8")
    (folder / f"{figure.name}.png").write_bytes(vl_convert.svg_to_png(picture, scale=SCALE))
    (folder / f"{figure.name}.csv").write_text(figure.csv(), encoding="utf-8", newline="")
