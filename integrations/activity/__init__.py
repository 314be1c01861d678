"""The activity lake: what students did, as Parquet, computed on by DuckDB.

Students are internal numbers here; nothing in the lake names a person.
"""
