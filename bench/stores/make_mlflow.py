"""Makes the MLflow stores of the benchmark: the client's own schema and layout, filled in bulk (the client's own calls would take hours).

python make_mlflow.py sqlite FILE RUNS METRICS POINTS   or   python make_mlflow.py folder DIR RUNS METRICS POINTS
Every run has 10 params and 4 tags beside its METRICS metrics of POINTS points each.
"""

import math
import os
import sqlite3
import sys
import uuid
from pathlib import Path

os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
import mlflow  # noqa: E402

START_MS = 1_757_000_000_000


def value(run, metric, point):
    return math.exp(-point / 20_000) * (1 + metric) + 0.05 * math.sin(point * (0.37 + 0.01 * metric)) + run * 0.002


def params(run):
    return {f"param_{i}": str((run * 7 + i * 13) % 97 / 97) for i in range(10)}


def tags(run):
    return {
        "mlflow.runName": f"run-{run:05d}",
        "mlflow.source.git.commit": f"{run % 251:040x}",
        "mlflow.user": "bench",
        "mlflow.source.name": "train.py",
    }


def main(kind, where, runs, metrics, points):
    names = [f"metric_{m}" for m in range(metrics)]
    if kind == "sqlite":
        client = mlflow.MlflowClient(f"sqlite:///{where}")
        experiment = client.create_experiment("bench")
        # The SQLite layout of 3.x wants further columns (workspace, source...): let the client make one run and copy its shape.
        first = client.create_run(experiment, start_time=START_MS, run_name="run-00000").info.run_id
        db = sqlite3.connect(where)
        db.execute("PRAGMA synchronous=OFF")
        columns = [row[1] for row in db.execute("PRAGMA table_info(runs)")]
        shape = dict(zip(columns, db.execute("SELECT * FROM runs WHERE run_uuid=?", (first,)).fetchone()))
        for table in ("tags", "runs"):
            db.execute(f"DELETE FROM {table} WHERE run_uuid=?", (first,))
        ids = [uuid.uuid5(uuid.NAMESPACE_DNS, str(run)).hex for run in range(runs)]
        for run, run_id in enumerate(ids):
            row = {**shape, "run_uuid": run_id, "name": f"run-{run:05d}", "status": "FINISHED"}
            row.update(start_time=START_MS + run * 1000, end_time=START_MS + run * 1000 + 900_000)
            row["artifact_uri"] = f"{shape['artifact_uri'].split(first)[0]}{run_id}/artifacts"
            db.execute(f"INSERT INTO runs ({','.join(columns)}) VALUES ({','.join('?' * len(columns))})", [row[c] for c in columns])
        db.executemany("INSERT INTO params (key, value, run_uuid) VALUES (?,?,?)", ((k, v, ids[r]) for r in range(runs) for k, v in params(r).items()))
        db.executemany("INSERT INTO tags (key, value, run_uuid) VALUES (?,?,?)", ((k, v, ids[r]) for r in range(runs) for k, v in tags(r).items()))
        db.executemany(
            "INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES (?,?,?,?,?,0)",
            ((names[m], value(r, m, p), START_MS + r * 1000 + p, ids[r], p) for r in range(runs) for m in range(metrics) for p in range(points)),
        )
        db.executemany(
            "INSERT INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid) VALUES (?,?,?,?,0,?)",
            ((names[m], value(r, m, points - 1), START_MS + r * 1000 + points - 1, points - 1, ids[r]) for r in range(runs) for m in range(metrics)),
        )
        db.commit()
        db.close()
        return
    root = Path(where).resolve()
    client = mlflow.MlflowClient(root.as_uri())
    experiment = client.create_experiment("bench")
    for run in range(runs):
        run_id = uuid.uuid5(uuid.NAMESPACE_DNS, str(run)).hex
        folder = root / experiment / run_id
        for part in ("metrics", "params", "tags", "artifacts"):
            (folder / part).mkdir(parents=True)
        for kind_of, values in (("params", params(run)), ("tags", tags(run))):
            for key, text in values.items():
                (folder / kind_of / key).write_text(text)
        for m, name in enumerate(names):
            with open(folder / "metrics" / name, "w") as file:
                file.writelines(f"{START_MS + run * 1000 + p} {value(run, m, p)!r} {p}\n" for p in range(points))
        (folder / "meta.yaml").write_text(
            f"artifact_uri: {folder.as_uri()}/artifacts\nend_time: {START_MS + run * 1000 + 900_000}\nentry_point_name: ''\n"
            f"experiment_id: '{experiment}'\nlifecycle_stage: active\nrun_id: '{run_id}'\nrun_name: run-{run:05d}\nsource_name: ''\n"
            f"source_type: 4\nsource_version: ''\nstart_time: {START_MS + run * 1000}\nstatus: 3\ntags: []\nuser_id: bench\n"
        )


main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6]))
