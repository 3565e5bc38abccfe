"""The published tables as files for other tools, with a description of all of them."""

from pathlib import Path
from typing import Literal

import orjson

from warehouse.dictionary import load_tables
from warehouse.errors import WarehouseError
from warehouse.layers import literal
from warehouse.publish import describe_dataset
from warehouse.query import open_published

ExportFormat = Literal["parquet", "csv", "json"]
OPTIONS = {
    "parquet": "format parquet, compression zstd",
    "csv": "format csv, header",
    "json": "format json",
}
MEDIA_TYPES = {
    "parquet": "application/vnd.apache.parquet",
    "csv": "text/csv",
    "json": "application/x-ndjson",
}


def export(path: Path, folder: Path, form: ExportFormat = "parquet") -> list[Path]:
    """
    Write each table into the folder, with datapackage.json (Frictionless); return the files.

    Raises WarehouseError if the folder holds something already, NotPublishedError without a file.
    """
    if folder.exists() and any(folder.iterdir()):
        raise WarehouseError(f"{folder} isn't empty; name a new folder")
    tables = load_tables()
    files = [folder / f"{name}.{form}" for name in tables]
    with open_published(path) as connection:
        folder.mkdir(parents=True, exist_ok=True)
        for name, file in zip(tables, files, strict=True):
            connection.execute(f"copy {name} to {literal(file)} ({OPTIONS[form]})")
        package = describe_dataset(connection, tables)
    for resource in package["resources"]:
        resource |= {
            "path": f"{resource['name']}.{form}",
            "format": form,
            "mediatype": MEDIA_TYPES[form],
        }
    description = folder / "datapackage.json"
    description.write_bytes(orjson.dumps(package, option=orjson.OPT_INDENT_2))
    return [*files, description]
