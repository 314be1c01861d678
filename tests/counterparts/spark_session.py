"""A script that runs queries on a local Spark session, in PySpark's own environment."""

from __future__ import annotations

import datetime as dt
import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any


def written(value: Any) -> str:
    """Return a value as both engines would write it: numbers to nine places, days in ISO 8601."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float | Decimal):
        return f"{float(value):.9f}"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def main(job: Path, target: Path) -> None:
    """Run a job's queries over its tables, and write the rows of each."""
    from pyspark.sql import SparkSession  # type: ignore[import-not-found] # its own environment

    said = json.loads(job.read_text())
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )
    for name, path in said["tables"].items():
        session.read.parquet(path).createOrReplaceTempView(name)
    rows = {}
    for name, text in said["queries"].items():
        found = session.sql(text).collect()
        rows[name] = [[written(value) for value in row] for row in found]
    target.write_text(json.dumps(rows))
    session.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
