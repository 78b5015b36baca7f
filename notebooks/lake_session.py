"""Opens a lake for a notebook, and gives its plots one look."""

import os
from pathlib import Path

import matplotlib.pyplot as plt
from pyspark.sql import SparkSession

ROOT = Path(__file__).resolve().parent.parent

# Okabe and Ito's colours, which people see apart who do not see all colours.
BLUE, ORANGE, GREEN, RED, PURPLE, SKY, GREY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#999999"
TIERS = {"HOT": RED, "WARM": ORANGE, "COLD": BLUE}


def open_lake():
    """A session on the lake that LAKE_HOME names, or else on the one of ./lake demo. Call it once, first."""
    home = Path(os.environ.setdefault("LAKE_HOME", str(ROOT / "lake-demo")))
    if not (home / "tables").is_dir():
        raise FileNotFoundError(f"there is no lake in {home}: name yours in LAKE_HOME, or run ./lake demo")
    os.environ.setdefault("SPARK_CONF_DIR", str(ROOT / "conf"))
    if "PYSPARK_SUBMIT_ARGS" not in os.environ:
        os.environ["PYSPARK_SUBMIT_ARGS"] = f"--jars '{_jar()}' pyspark-shell"
    builder = SparkSession.builder.appName("notebook").master("local[*]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.sql.shuffle.partitions", "4").config("spark.ui.showConsoleProgress", "false")
    _style()
    return builder.getOrCreate()


def has(spark, table):
    """Whether the lake has a table: those of analytics and timeseries are made by ./lake analytics run."""
    return spark.catalog.tableExists(table)


def _jar():
    jars = list((ROOT / "jobs/cli/target").glob("datapunk-lake-*.jar"))
    if len(jars) != 1:
        raise FileNotFoundError("the lake's jar is not built: run ./mvnw package -Pspark-submit -DskipTests")
    return jars[0]


def _style():
    plt.rcParams.update(
        {
            "figure.figsize": (10, 4.5),
            "figure.dpi": 110,
            "figure.constrained_layout.use": True,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.titlelocation": "left",
            "axes.titleweight": "bold",
            "axes.titlesize": 13,
            "axes.axisbelow": True,
            "axes.grid": True,
            "grid.color": "#e6e6e6",
            "axes.prop_cycle": plt.cycler(color=[BLUE, ORANGE, GREEN, RED, PURPLE, SKY, GREY]),
            "legend.frameon": False,
        }
    )
