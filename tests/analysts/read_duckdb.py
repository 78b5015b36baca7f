import json
import os

import duckdb
from deltalake import DeltaTable

activity = DeltaTable(os.environ["LAKE_HOME"] + "/tables/user_data/activity").to_pyarrow_dataset()
months = duckdb.sql(
    """
    SELECT month, count(*) AS rows, epoch_us(min(event_time)) AS first, epoch_us(max(event_time)) AS last,
           md5(string_agg(line, ',' ORDER BY line)) AS digest
    FROM (SELECT *, id || ' ' || coalesce(title, '') AS line FROM activity)
    GROUP BY month ORDER BY month
    """
)
for month in months.fetchall():
    print(json.dumps(dict(zip(months.columns, month))))
