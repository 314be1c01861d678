"""Apache Spark for the engine's queries: the same SQL, transpiled (``ACTIVITY_ENGINE=spark``).

PySpark and sqlglot are an extra of their own, ``lantern[spark]``, and Spark needs Java. The
relations of a query go to Spark as Parquet files in the workspace, and so do its rows come back: a
cluster must see the lake's folder at the same path.
"""

from __future__ import annotations

import datetime as dt
import importlib
import importlib.util
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from integrations.activity.errors import LakeError

if TYPE_CHECKING:
    from integrations.activity.scratch_database import ScratchDatabase

HERE = "local[*]"
"""Spark on this machine alone, within the process."""


class Spark:
    """A Spark session, begun at the first query: ``master`` is where it runs."""

    def __init__(self, master: str = HERE) -> None:
        self._master = master

    def run(
        self,
        work: ScratchDatabase,
        text: str,
        relations: Sequence[str],
        values: Mapping[str, Any],
    ) -> Path:
        """Run a query over relations of the workspace; return the folder of its rows, in Parquet.

        Raises ``LakeError`` where Spark fails: trying again may help.
        """
        try:
            session = self._session()
            for name in relations:
                path = work.file(".parquet")
                work.con.execute(f"COPY (FROM {name}) TO '{path}' (FORMAT parquet)")
                session.read.parquet(str(path)).createOrReplaceTempView(name)
            target = work.file(".rows")
            session.sql(transpiled(text, values)).write.parquet(str(target))
        except Exception as error:
            if type(error).__module__.partition(".")[0] not in ("pyspark", "py4j"):
                raise
            raise LakeError(
                f"Spark could not compute the measures ({type(error).__name__}): check it, or "
                "unset ACTIVITY_ENGINE to use DuckDB.",
                permanent=False,
            ) from None
        return target

    def _session(self) -> Any:
        """Return the process's session. To begin one takes some ten seconds."""
        sql = importlib.import_module("pyspark.sql")
        builder = sql.SparkSession.builder.appName("lantern").config("spark.ui.enabled", "false")
        # Spark's own 200 parts of each step are for clusters: here they are files of a few rows.
        if self._master == HERE:
            builder = builder.config("spark.sql.shuffle.partitions", "8")
        session = builder.master(self._master).getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        return session


def what_is_missing() -> str:
    """Say what Spark lacks on this machine; '' where all is there."""
    missing = [name for name in ("pyspark", "sqlglot") if not importlib.util.find_spec(name)]
    if missing:
        return f"{' and '.join(missing)} (in a clone: pip install '.[spark]')"
    return "" if shutil.which("java") else "Java 17 or newer"


def transpiled(text: str, values: Mapping[str, Any]) -> str:
    """Return a query of DuckDB as one of Spark, with its parameters filled in."""
    sqlglot = importlib.import_module("sqlglot")
    exp = sqlglot.exp

    def filled(node: Any) -> Any:
        if isinstance(node, exp.Placeholder):
            return _literal(exp, values[node.name])
        return node

    def as_days(node: Any) -> Any:
        # A difference of dates is a number of days; Spark would give an interval.
        if isinstance(node, exp.Sub) and isinstance(node.this, exp.Cast):
            return exp.DateDiff(this=node.this, expression=node.expression)
        return node

    tree = sqlglot.parse_one(text, read="duckdb").transform(filled).transform(as_days)
    return str(tree.sql("spark", comments=False))


def _literal(exp: Any, value: Any) -> Any:
    if isinstance(value, dt.date):
        return exp.cast(exp.Literal.string(value.isoformat()), "date")
    return exp.convert(value)
