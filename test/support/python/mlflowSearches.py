"""Makes an MLflow store with awkward runs and answers searches with MLflow's own client.

stdin: {"uri": store, "searches": [{"filter": text, "order_by": [text]}]}
stdout: {"answers": [{"ids": [...]} or {"error": text}]}
"""

import json
import sys

from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag

asked = json.load(sys.stdin)
client = MlflowClient(asked["uri"])
experiments = [client.create_experiment("first"), client.create_experiment("second")]
inf, nan = float("inf"), float("nan")

# name, start, end status (None: still running), metrics, params, tags
runs = [
    ("Alpha", 1000, "FINISHED", {"acc": 0.5, "val/acc": 0.1}, {"lr": "0.1", "optimizer": "adam"}, {"team": "vision"}),
    ("alpha", 1000, "FAILED", {"acc": 0.5, "loss": 2.0}, {"lr": "0.01", "optimizer": "Adam"}, {"team": "Vision"}),
    ("beta_1", 2000, "KILLED", {"acc": nan}, {"lr": "1e-3", "model.depth": "18"}, {"note": "two\nlines"}),
    ("beta-1", 2000, "FINISHED", {"acc": inf, "loss": -1.0}, {"optimizer": "it's"}, {"a b": "c", "note": "end\n"}),
    ("gamma%", 500, None, {"acc": -inf, "loss": 0.0}, {"data/augment": "True"}, {"note": 'say "hi"'}),
    ("ÉCOLE", 3000, "FINISHED", {"loss": nan, "f1-score": 0.3}, {"lr": "0.1"}, {"note": "a\\b"}),
    ("école", 3000, None, {"précision": 1.0}, {"データ": "検証"}, {"mlflow.note.content": "# title"}),
    ("😀 run", 4000, "FINISHED", {"acc": 1e300, "_x": 1.0, "1a": 2.0}, {"lr": "10"}, {"x": "😀"}),
    ("\uffee run", 4000, "FINISHED", {"acc": 0.25}, {"lr": "9"}, {"x": "\uffee"}),
    ("deleted", 5000, "FINISHED", {"acc": 0.9}, {"lr": "0.1"}, {"team": "vision"}),
    ("late end", 100, "FINISHED", {"acc": 5e-324, "loss": 1e-7}, {}, {}),
    ("a.b/c", 100, "FINISHED", {"acc": 12, "in": 1.0}, {"in": "x", "seed": ""}, {"team": "vision2"}),
]
for number, (name, start, status, metrics, params, tags) in enumerate(runs):
    run = client.create_run(experiments[number % 2], start_time=start, run_name=name)
    run_id = run.info.run_id
    client.log_batch(
        run_id,
        [Metric(key, value, start + 1, 0) for key, value in metrics.items()],
        [Param(key, value) for key, value in params.items()],
        [RunTag(key, value) for key, value in tags.items()],
    )
    if number < 2:
        context = [InputTag("mlflow.data.context", "training")] if number == 0 else []
        client.log_inputs(run_id, [DatasetInput(Dataset(f"Data{number}", f"d{number}", "code", "{}"), context)])
    if status:
        client.set_terminated(run_id, status, end_time=start + 100 * number)
    if name == "deleted":
        client.delete_run(run_id)


def answer(search):
    try:
        found = client.search_runs(experiments, search["filter"], order_by=search["order_by"])
        return {"ids": [run.info.run_id for run in found]}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def with_ids(text):
    """`<0>` stands for the id of the first run of the list above."""
    for number, run_id in enumerate(ids):
        text = text.replace(f"<{number}>", run_id)
    return text


every = client.search_runs(experiments, "", run_view_type=3)
by_name = {run.info.run_name: run.info.run_id for run in every}
ids = [by_name[name] for name, *_ in runs]
searches = [
    {"filter": with_ids(search["filter"]), "order_by": [with_ids(order) for order in search["order_by"]]}
    for search in asked["searches"]
]
print(json.dumps({"searches": searches, "answers": [answer(search) for search in searches]}))
