#!/usr/bin/env bash
# How well are series foreseen, beside naive and seasonal-naive forecasts, on public ones?
#
#   tests/benchmarks/forecast.sh
#
# Fetches two series from PyPI: airline passengers by month, 1949 to 1960 (Box and Jenkins, in package sktime), and carbon
# dioxide over Mauna Loa, 1958 to 2001, of which months are made (in package statsmodels).
set -euo pipefail
source "$(dirname "$0")/java.bash"

python3 -m venv "$scratch/python"
for package in sktime==0.40.1 statsmodels==0.14.5; do
  "$scratch/python/bin/pip" -q download --no-deps --no-binary :none: -d "$scratch" "$package"
done
python3 - "$scratch" <<'PYTHON'
import csv, glob, io, sys, zipfile

folder = sys.argv[1]

def member(wheel, ending):
    archive = zipfile.ZipFile(glob.glob(f"{folder}/{wheel}-*.whl")[0])
    name = next(name for name in archive.namelist() if name.endswith(ending))
    return list(csv.reader(io.StringIO(archive.read(name).decode())))

def write(name, values):
    with open(f"{folder}/{name}", "w") as out:
        out.writelines(f"{value}\n" for value in values)

write("passengers", [row[1] for row in member("sktime", "Airline/Airline.csv")[1:]])
months = {}
for date, ppm in member("statsmodels", "co2/co2.csv")[1:]:
    if ppm:
        months.setdefault(date[:6], []).append(float(ppm))
ordered, last = [], None
for month in sorted(months):
    number = int(month[:4]) * 12 + int(month[4:])
    value = sum(months[month]) / len(months[month])
    while last is not None and number > last + 1:  # a month without a measurement
        last += 1
        ordered.append(ordered[-1])
    ordered.append(value)
    last = number
write("carbon-dioxide", ordered)
PYTHON
classpath=$(printf '%s:' jobs/cli/target/lib/*.jar)
"$LAKE_JAVA_HOME/bin/javac" -proc:none -cp "$classpath" -d "$scratch" tests/benchmarks/Forecasts.java
for series in passengers carbon-dioxide; do
  for steps in 1 6 12; do
    "$LAKE_JAVA_HOME/bin/java" -cp "$scratch:$classpath" Forecasts "$scratch/$series" 12 "$steps"
  done
done
