import hashlib
import os

import polars as pl

line = pl.col("id") + " " + pl.col("title").fill_null("")
months = (
    pl.scan_delta(os.environ["LAKE_HOME"] + "/tables/user_data/activity")
    .group_by("month")
    .agg(
        rows=pl.len(),
        first=pl.col("event_time").min().dt.epoch("us"),
        last=pl.col("event_time").max().dt.epoch("us"),
        digest=line.sort().str.join(","),
    )
    .sort("month")
    .collect()
    .with_columns(pl.col("digest").map_elements(lambda lines: hashlib.md5(lines.encode()).hexdigest(), pl.String))
)
print(months.write_ndjson(), end="")
