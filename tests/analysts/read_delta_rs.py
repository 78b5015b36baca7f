import json
import os

import pyarrow
from deltalake import DeltaTable, QueryBuilder

activity = DeltaTable(os.environ["LAKE_HOME"] + "/tables/user_data/activity")
months = QueryBuilder().register("activity", activity).execute(
    """
    SELECT month, count(*) AS rows,
           CAST(min(event_time) AS BIGINT) AS first, CAST(max(event_time) AS BIGINT) AS last,
           md5(string_agg(line, ',' ORDER BY line)) AS digest
    FROM (SELECT *, id || ' ' || coalesce(title, '') AS line FROM activity)
    GROUP BY month ORDER BY month
    """
)
for month in pyarrow.table(months.read_all()).to_pylist():
    print(json.dumps(month))
