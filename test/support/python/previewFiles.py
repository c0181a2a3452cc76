"""Writes artifacts of many kinds into DIR with the real libraries and prints, as JSON, what is in them.

python previewFiles.py DIR
"""

import json
import os
import sys

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

root = sys.argv[1]
at = lambda name: os.path.join(root, name)
random = np.random.default_rng(1)

arrays = {}
for name in "int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64".split():
    for endian in "<>":
        values = (random.random((3, 5)) * 200 - (0 if name.startswith("u") else 100)).astype(np.dtype(name))
        arrays["%s %s" % (name, "big" if endian == ">" else "little")] = values.astype(values.dtype.newbyteorder(endian))
arrays["bool"] = np.array([True, False, True])
arrays["complex64"] = np.array([1 + 2j, -0.5 - 1e3j], dtype=np.complex64)
arrays["fortran"] = np.asfortranarray(np.arange(12).reshape(3, 4))
arrays["scalar"] = np.array(3.5)
arrays["empty"] = np.zeros((0, 7))
arrays["nonfinite"] = np.array([1, np.nan, np.inf, -np.inf, 3])
arrays["unicode"] = np.array(["é", "損失", "", "abcdef"])
arrays["unicode big"] = np.array(["é", "abc"]).astype(">U3")
arrays["bytes"] = np.array([b"ab", b"", b"xyz"])
arrays["dates"] = np.array(["2024-02-29T12:34:56.789", "NaT"], dtype="datetime64[ms]")
arrays["days"] = np.array(["1969-12-31"], dtype="datetime64[D]")
arrays["large"] = random.random(3_000_000).astype(np.float32)
arrays["most int64"] = np.array([2**63 - 1, -(2**63)])
objects = np.array([{"a": 1}, None], dtype=object)
records = np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")])

expected = {}
for name, array in arrays.items():
    np.save(at("%s.npy" % name), array)
    flat = array.reshape(-1, order="F" if name == "fortran" else "C")
    numeric = array.dtype.kind in "fiub" and array.size
    finite = array[np.isfinite(array)].astype(np.float64) if numeric else None
    expected[name] = {
        "shape": array.shape,
        "dtype": array.dtype.name if array.dtype.kind not in "US" else array.dtype.str,
        "values": [str(value) for value in flat[:200].tolist()],
        "min": float(finite.min()) if numeric else None,
        "max": float(finite.max()) if numeric else None,
        "mean": float(finite.mean()) if numeric else None,
    }
np.save(at("objects.npy"), objects, allow_pickle=True)
np.save(at("records.npy"), records)
np.savez(at("stored.npz"), objects=objects, **{key.replace(" ", "_"): value for key, value in arrays.items()})
np.savez_compressed(at("deflated.npz"), **{key.replace(" ", "_"): value for key, value in arrays.items()})

rows = 5000
frame = pd.DataFrame(
    {
        "id": np.arange(rows),
        "loss": random.random(rows),
        "name": ["run %d, \"é\"\nsecond line" % i for i in range(rows)],
        "maybe": [None if i % 3 else i for i in range(rows)],
        "flag": [i % 2 == 0 for i in range(rows)],
        "when": pd.date_range("2024-01-01", periods=rows, freq="h"),
        "list": [[i, i + 1] for i in range(rows)],
    }
)
frame.to_csv(at("frame.csv"), index=False)
frame.to_csv(at("frame.tsv"), index=False, sep="\t")
frame.head(20).to_csv(at("semicolons.csv"), index=False, sep=";")
table = pa.Table.from_pandas(frame)
codecs = ["snappy", "gzip", "brotli", "zstd", "none"]
for codec in codecs:
    pq.write_table(table, at("%s.parquet" % codec), compression=codec)
pq.write_table(table, at("lz4.parquet"), compression="lz4")
pq.write_table(table, at("groups.parquet"), row_group_size=100, use_dictionary=False, data_page_version="2.0")
wide = pa.table({"c%03d" % i: pa.array(random.random(20)) for i in range(1000)})
pq.write_table(wide, at("wide.parquet"))
pq.write_table(table.slice(0, 0), at("none.rows.parquet"))
big = pa.table({"noise %d" % i: pa.array(random.random(3_000_000)) for i in range(4)})
pq.write_table(big, at("big.parquet"), compression="none", row_group_size=3_000_000)
one = big.select([0, 1]).slice(0, 1_000_000)
pq.write_table(one, at("one.page.parquet"), compression="none", use_dictionary=False, data_page_size=2**26, max_rows_per_page=2**30)

print(
    json.dumps(
        {
            "arrays": expected,
            "codecs": codecs,
            "ids": list(range(500)),
            "losses": frame["loss"].head(500).tolist(),
            "names": frame["name"].head(500).tolist(),
            "rows": rows,
        }
    )
)
