import hashlib
import os

from deltalake import DeltaTable

table = DeltaTable(os.environ["LAKE_HOME"] + "/tables/user_data/activity")
activity = table.to_pandas(columns=["month", "event_time", "id", "title"])
activity["line"] = activity["id"] + " " + activity["title"].fillna("")
activity["micros"] = activity["event_time"].astype("datetime64[us, UTC]").astype("int64")

months = activity.groupby("month", as_index=False).agg(
    rows=("id", "size"),
    first=("micros", "min"),
    last=("micros", "max"),
    digest=("line", lambda lines: hashlib.md5(",".join(sorted(lines)).encode()).hexdigest()),
)
print(months.to_json(orient="records", lines=True), end="")
