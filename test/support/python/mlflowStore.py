"""Makes an MLflow store as a training would, or tells what MLflow's own client reads from one.

argv: make URI FOLDER  logs runs with odd names, values and artifacts; FOLDER is for files to log
      tell URI         prints {"runs": [...], "histories": [...], "artifacts": [...]}
      log URI RUNS N   a live training: logs N points of "loss" to each of RUNS runs, one call a point
"""

import json
import math
import sys
import time
from pathlib import Path

from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag, ViewType

command, uri = sys.argv[1:3]
client = MlflowClient(uri)


def number(value):
    return value if math.isfinite(value) else {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")


def make(folder):
    files = Path(folder)
    (files / "sub" / "deep").mkdir(parents=True)
    (files / "notes.txt").write_text("héllo")
    (files / "sub" / "with space.csv").write_text("a,b\n1,2\n")
    (files / "sub" / "deep" / "empty.bin").write_bytes(b"")
    experiment = client.create_experiment("frisch 実験", tags={"team": "vision"})
    start = 1_760_000_000_000
    for i, name in enumerate(["plain", "<b>html</b>", "日本語 🚀", "a/b.c", "x" * 200]):
        run_id = client.create_run(experiment, start_time=start + i, run_name=name).info.run_id
        params = [Param("lr", str(0.1 * i)), Param("data/augment", "True"), Param("long", "v" * 400), Param("ключ", "значение")]
        client.log_batch(run_id, params=params, tags=[RunTag("mlflow.source.git.commit", f"{i}" * 40), RunTag("note", "a\nb")])
        odd = [1.0, -0.0, math.nan, math.inf, -math.inf, 5e-324, 0.1 + 0.2, 1e22, 123456789.123]
        client.log_batch(run_id, [Metric("odd", value, start + i + k, k) for k, value in enumerate(odd)])
        client.log_batch(run_id, [Metric("back", float(k), start, 5 - k) for k in range(5)])
        client.log_batch(run_id, [Metric("val/loss", math.nan, start, 0)])
        client.log_artifacts(run_id, str(files))
        if i != 1:
            client.set_terminated(run_id, "FAILED" if i == 2 else "FINISHED", end_time=start + 1000 * i + 999)
        if i == 3:
            client.delete_run(run_id)
        if i == 0:
            for batch in range(20):
                points = [Metric("long", math.sin(k / 100), start + k * 10, k) for k in range(batch * 1000, batch * 1000 + 1000)]
                client.log_batch(run_id, points)
    gone = client.create_experiment("gone")
    client.create_run(gone, start_time=start, run_name="in a deleted experiment")
    client.delete_experiment(gone)


def every_artifact(run_id, path=None):
    for entry in client.list_artifacts(run_id, path):
        yield {"path": entry.path, "isDir": entry.is_dir, "sizeBytes": entry.file_size}
        if entry.is_dir:
            yield from every_artifact(run_id, entry.path)


def tell():
    experiments = client.search_experiments(view_type=ViewType.ALL)
    names = {e.experiment_id: e.name for e in experiments}
    active = [e.experiment_id for e in experiments if e.lifecycle_stage == "active"]
    told = {}
    for view, ids, kind in [("active", active, ViewType.ACTIVE_ONLY), ("deleted", list(names), ViewType.DELETED_ONLY)]:
        told[view] = [
            {
                "id": run.info.run_id,
                "name": run.info.run_name,
                "experimentId": run.info.experiment_id,
                "experimentName": names[run.info.experiment_id],
                "status": run.info.status,
                "lifecycleStage": run.info.lifecycle_stage,
                "startTimeMs": run.info.start_time,
                "endTimeMs": run.info.end_time,
                "params": run.data.params,
                "metrics": {key: number(value) for key, value in run.data.metrics.items()},
                "tags": run.data.tags,
                "artifactUri": run.info.artifact_uri,
                "parentRunId": run.data.tags.get("mlflow.parentRunId"),
                "commit": run.data.tags.get("mlflow.source.git.commit"),
            }
            for run in client.search_runs(ids, run_view_type=kind)
        ]
    histories = []
    for run in told["active"][:2] + told["active"][-1:]:
        for key in run["metrics"]:
            # The file store gives points in the order they were logged, the others in this one.
            points = client.get_metric_history(run["id"], key)
            points.sort(key=lambda p: (p.timestamp, p.step, 0 if math.isnan(p.value) else p.value))
            histories.append(
                {
                    "runId": run["id"],
                    "key": key,
                    "steps": [p.step for p in points],
                    "values": [number(p.value) for p in points],
                    "timestampsMs": [p.timestamp for p in points],
                }
            )
    artifacts = {run["id"]: list(every_artifact(run["id"])) for run in told["active"][:1]}
    print(json.dumps({**told, "histories": histories, "artifacts": artifacts}))


def log(runs, points):
    experiment = client.create_experiment("live")
    ids = [client.create_run(experiment, run_name=f"live-{i}").info.run_id for i in range(runs)]
    print(json.dumps(ids), flush=True)
    for step in range(points):
        for run_id in ids:
            client.log_metric(run_id, "loss", 1 / (step + 1), step=step, timestamp=int(time.time() * 1000))
    for run_id in ids:
        client.set_terminated(run_id)


{"make": lambda: make(sys.argv[3]), "tell": tell, "log": lambda: log(int(sys.argv[3]), int(sys.argv[4]))}[command]()
