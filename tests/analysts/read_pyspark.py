import json

from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
months = spark.sql(
    """
    SELECT month, count(*) AS rows,
           unix_micros(min(event_time)) AS first, unix_micros(max(event_time)) AS last,
           md5(array_join(sort_array(collect_list(id || ' ' || coalesce(title, ''))), ',')) AS digest
    FROM user_data.activity GROUP BY month ORDER BY month
    """
)
for month in months.collect():
    print(json.dumps(month.asDict()))
