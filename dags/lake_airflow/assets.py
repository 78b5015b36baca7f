"""What the DAGs leave behind, and start each other by. Jobs that run outside of Airflow tell of the same names."""

from airflow.sdk import Asset

INGEST = Asset("lake://ingest")
QUALITY = Asset("lake://quality")
ANALYTICS = Asset("lake://analytics")
TIERS = Asset("lake://tiers")
VECTORS = Asset("lake://vectors")
ARCHIVE = Asset("lake://archive")
BACKUP = Asset("lake://backup")
MAINTENANCE = Asset("lake://maintenance")
REPORT = Asset("lake://report")
