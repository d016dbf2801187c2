"""Prints the rows of Parquet files as lines of JSON: read-parquet.py FILE...

Numbers and times as text: those of JavaScript hold no 64 bits.
"""

import json
import sys

import pyarrow.parquet


def text(value):
    return value.isoformat().replace("+00:00", "Z") if hasattr(value, "isoformat") else str(value)


for path in sys.argv[1:]:
    for row in pyarrow.parquet.ParquetFile(path).read().to_pylist():
        print(json.dumps({name: text(value) for name, value in row.items()}))
