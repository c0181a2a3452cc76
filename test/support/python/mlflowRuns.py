"""Writes a store with the real MLflow client and prints, as its last line, what that client reads back.

mlflowRuns.py TRACKING_URI POINTS

Same form as the fixtures' EXPECTED.json (floats that are not finite as texts, the same hash rule), without searches.
"""

import hashlib
import json
import math
import struct
import sys
import time

import mlflow
from mlflow.entities import Metric, Param, RunTag, ViewType
from mlflow.tracking import MlflowClient


def write(client, points):
    names = [
        "plain",
        "it's: a #name",
        '  "quoted" \\ back\\slash',
        "データ 🚀 \u2028 \x85 tab\t end",
        "long " + "word " * 60 + "end",
        "line\nbreak\n\ntwo",
        "- dash",
        "null",
        "1e3",
        "12:30:45",
        "2024-01-01",
        "<img src=x onerror=alert(1)>",
        "trailing space ",
        "{curly}",
        "éàü" * 40,
        "yes",
        "0x1F",
        "!tag &anchor *alias",
        "%percent @at `tick`",
    ]
    experiment = client.create_experiment("üñí \"exp\" # \\ " + "lang " * 30, tags={"team/sub": "vision\nline two"})
    other = client.create_experiment("to be deleted")
    parent = None
    for at, name in enumerate(names):
        tags = {"mlflow.runName": name, "mlflow.note.content": f"# note {at}\r\n\r\n<b>x</b>\n", "a/b/c": "nested key"}
        if parent:
            tags["mlflow.parentRunId"] = parent
        run = client.create_run(experiment if at % 5 else other, start_time=1700000000000 + at, tags=tags)
        parent = run.info.run_id if at % 3 == 0 else parent
        params = [Param("lr", repr(10.0**-at)), Param("model/depth", "3"), Param("empty", ""), Param("ünï cødé", "🚀\n\tx\r\n")]
        client.log_batch(run.info.run_id, params=params, tags=[RunTag("k" * 200, "v" * 4000)])
        if at != 3:
            status = ["FINISHED", "FAILED", "KILLED", "RUNNING", "SCHEDULED"][at % 5]
            client.set_terminated(run.info.run_id, status=status, end_time=1700000005000 + at)
        if at == 5:
            client.delete_run(run.info.run_id)
    awkward = client.create_run(experiment, start_time=1700000001000, run_name="values")
    values = [0.1, -0.0, 1e-320, 5e-324, 1.7976931348623157e308, 1 / 3, 2**53 + 1, 1e22, 1e23, -1e-7, 123456789012345678]
    values += [math.nan, math.inf, -math.inf, 3]
    batch = [Metric("all values", value, 1700000000000 + at, at) for at, value in enumerate(values)]
    batch += [Metric("train/loss", value, 1700000000000 - at, at % 4) for at, value in enumerate(values[:9])]
    batch += [Metric("restart", float(at), 1700000000000 + at, step) for at, step in enumerate([0, 1, 2, 9, 0, 1, 2, 3])]
    batch += [Metric("nan last", value, 5, 5) for value in [1.0, math.nan]]
    batch += [Metric("nan first", value, 5, 5) for value in [math.nan, 1.0]]
    batch += [Metric("negative", 1.0, 5, -5), Metric("val/acc/top 5", 0.5, 1, 1), Metric("prec é 1", 2.0, 0, 0)]
    client.log_batch(awkward.info.run_id, metrics=batch)
    client.set_terminated(awkward.info.run_id)
    long = client.create_run(experiment, start_time=1700000002000, run_name="long")
    for start in range(0, points, 1000):
        steps = range(start, min(start + 1000, points))
        batch = [Metric("loss", math.sin(step) * 10 ** (step % 7 - 3), 1700000002000 + step, step) for step in steps]
        client.log_batch(long.info.run_id, metrics=batch)
    client.log_text(long.info.run_id, "héllo", "notes/ö.txt")
    client.set_terminated(long.info.run_id)
    client.delete_experiment(other)


def number(value):
    return value if math.isfinite(value) else {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")


def history(client, run_id, key):
    points = []
    for metric in client.get_metric_history(run_id, key):
        bits = b"\x7f\xf8\0\0\0\0\0\0" if math.isnan(metric.value) else struct.pack(">d", metric.value)
        points.append((metric.step, metric.timestamp, bits))
    points.sort()
    packed = b"".join(struct.pack(">qq", step, timestamp) + bits for step, timestamp, bits in points)
    return {"n": len(points), "history_sha256": hashlib.sha256(packed).hexdigest()}


def artifacts(client, run_id, path=None):
    found = []
    for entry in client.list_artifacts(run_id, path):
        found.append({"path": entry.path, "is_dir": entry.is_dir, "size": entry.file_size})
        if entry.is_dir:
            found += artifacts(client, run_id, entry.path)
    return found


def read(client):
    experiments = client.search_experiments(view_type=ViewType.ALL)
    runs = []
    for experiment in experiments:
        token = None
        while True:
            page = client.search_runs([experiment.experiment_id], run_view_type=ViewType.ALL, page_token=token)
            runs += page
            token = page.token
            if not token:
                break
    return {
        "experiments": [
            {"experiment_id": e.experiment_id, "name": e.name, "lifecycle_stage": e.lifecycle_stage, "tags": dict(e.tags)}
            for e in experiments
        ],
        "runs": [
            {
                "run_id": run.info.run_id,
                "experiment_id": run.info.experiment_id,
                "run_name": run.info.run_name,
                "status": run.info.status,
                "lifecycle_stage": run.info.lifecycle_stage,
                "start_time": run.info.start_time,
                "end_time": run.info.end_time,
                "user_id": run.info.user_id,
                "artifact_uri": run.info.artifact_uri,
                "parent_run_id": run.data.tags.get("mlflow.parentRunId"),
                "params": run.data.params,
                "tags": run.data.tags,
                "metrics_latest": {key: number(value) for key, value in run.data.metrics.items()},
                "metric_history": {key: history(client, run.info.run_id, key) for key in run.data.metrics},
                "artifacts": artifacts(client, run.info.run_id),
            }
            for run in runs
        ],
        "searches": [],
    }


def go_on(client, run_id, steps):
    for step in steps:
        client.log_metric(run_id, "loss", 1.0 / (step + 1), timestamp=int(time.time() * 1000), step=step)


if __name__ == "__main__":
    mlflow.set_tracking_uri(sys.argv[1])
    client = MlflowClient(sys.argv[1])
    write(client, int(sys.argv[2]))
    print("\n" + json.dumps(read(client)))
