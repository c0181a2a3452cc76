"""Writes an MLflow store full of odd things with whichever client runs it, or prints what that client reads of it.

oddStore.py make URI FOLDER   FOLDER is a new one, for files to log; then as tell
oddStore.py tell URI          last line: {"active", "deleted", "histories", "artifacts", "searches"} in the words of `gamma --json`

What a version refuses (a longer param, a colon in a key) is left out of its store.
"""

import json
import math
import os
import sys
from pathlib import Path

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag, ViewType

try:
    from mlflow.entities import Dataset, DatasetInput, InputTag
except ImportError:  # before MLflow 2.4
    Dataset = None

command, uri = sys.argv[1:3]
mlflow.set_tracking_uri(uri)
client = MlflowClient(uri)
start = 1_760_000_000_000
names = [
    "yes", "null", "~", "1e3", "0x1F", "12:30:45", "2024-01-01", "1_000", "=", "<<", "'", '"', "''", ": x", "x: y", "x:", "- x", "-", "# x",
    "x # y", "x #", "a\nb", "a\n\n  b\n", "\n", "tab\t", " both ", "é" * 500, "word " * 100, "🚀 \u2028\u2029\x85\xa0", "a\\nb", "%40 @", "`x`", "? x",
    "[]", "{}", "[a", "{a: 1}", "!x", "&x", "*x", "|", ">", "--- x", "...", "a\rb", "\ufeffx", "\x07bell", "a" * 250, "true", ".5", "1.", "+1", "0o7",
]  # fmt: skip


def tolerant(call, *args, **kwargs):
    try:
        return call(*args, **kwargs)
    except Exception as error:
        print(f"left out: {error}"[:160], file=sys.stderr)


def named_runs():
    for at, name in enumerate(names):
        run = tolerant(client.create_run, "0", start_time=start + at // 3, run_name=name)
        if run and at % 4:
            client.set_terminated(run.info.run_id, "FINISHED", end_time=start + at)
    for at, name in enumerate(["yes", "null", "1e3", "'q' \"d\"", ": x", "- x", "# x", "a\nb\n", "🚀", " both ", "é" * 240, "2024-01-01", "a: b #c"]):
        experiment = tolerant(client.create_experiment, name, tags={"n": str(at)})
        if experiment:
            client.create_run(experiment, start_time=start, run_name=f"in {at}")


def values(experiment):
    run_id = client.create_run(experiment, start_time=start + 10, run_name="values").info.run_id
    odd = [1, -0.0, math.nan, math.inf, -math.inf, 5e-324, 1e-320, 1.7976931348623157e308, -1.7976931348623157e308, 0.1 + 0.2, 1e20, 2**53 + 2, 2**60, 123456789012345680, 1e21, 1e-7, 3]  # fmt: skip
    points = {
        "all": [(value, start + at, at) for at, value in enumerate(odd)],
        "nan only": [(math.nan, start, 0)],
        "nan first": [(math.nan, start, 0), (1.0, start + 1, 1)],
        "nan last": [(1.0, start, 0), (math.nan, start + 1, 1)],
        "nan same": [(1.0, start, 0), (math.nan, start, 0), (-1.0, start, 0)],
        "nan below": [(math.nan, start, 0), (-1.0, start, 0)],
        "inf only": [(math.inf, start, 0)],
        "neg inf": [(-math.inf, start, 0)],
        "neg zero": [(-0.0, start, 0)],
        "negative steps": [(float(s), start, s) for s in (-5, -1, 0, -(2**40), 3, -2)],
        "huge steps": [(float(s % 7), start + s % 3, s) for s in (2**40, 2**40 + 1, 1, 2**53, 2**31)],
        "stepless": [(float(v), start + v, 0) for v in (3, 1, 2)],
        "duplicates": [(0.5, start, 1)] * 3 + [(0.25, start, 1)],
        "same time": [(float(v), start, v) for v in (4, 2, 8, 6)],
        "same all": [(float(v), start, 1) for v in (4, 2, 8, 6)],
        "back in time": [(float(v), start - v, v) for v in range(5)],
        "restart": [(float(at), start + at, step) for at, step in enumerate((0, 1, 2, 9, 0, 1, 2, 3))],
        "time zero": [(1.0, 0, 0), (2.0, 0, 1)],
        "time early": [(1.0, -5, 0), (2.0, 1, 0)],
        "time far": [(1.0, 253402300799000, 0), (2.0, 2**45, 1)],
        "val/acc.top-5_x": [(0.5, start, 1)],
        "précision é": [(0.5, start, 1)],
        "損失": [(0.5, start, 1)],
        "a b  c": [(0.5, start, 1)],
        "a/b/c/d/e": [(0.5, start, 1)],
        "a/b/c2": [(0.25, start, 1)],
        "col:on": [(0.5, start, 1)],
        ".hidden": [(0.5, start, 1)],
        "a.b.": [(0.5, start, 1)],
        "__proto__": [(0.5, start, 1)],
        "constructor": [(0.75, start, 1)],
        "0": [(0.5, start, 1)],
        "10": [(0.5, start, 1)],
        "k" * 240: [(0.5, start, 1)],
    }
    for key, logged in points.items():
        tolerant(client.log_batch, run_id, [Metric(key, *point) for point in logged])
    for at in range(3):
        client.log_metric(run_id, "each", at / 3, timestamp=start - at, step=at)
    client.log_batch(run_id, [Metric("many", math.sin(at), start + at, at) for at in range(1000)])
    client.log_batch(run_id, [Metric("many", math.cos(at), start + 1000 + at, 1000 + at) for at in range(1000)])
    client.set_terminated(run_id, "FINISHED", end_time=start + 10)


def texts(experiment):
    run_id = client.create_run(experiment, start_time=start + 10, run_name="texts").info.run_id
    params = {
        "empty": "", "space": " ", "blank lines": "\n\n", "crlf": "a\r\nb\r\n", "cr": "a\rb", "trailing": "x\n", "leading": "\nx", "nul-like": "\\0", "nul": "a\0b", "tabs": "\t\ta\t",
        "unicode": "ключ 🚀 \u2028 \x85 \ufeff", "bom": "\ufeffx", "500": "v" * 500, "6000": "w" * 6000, "6000é": "é" * 6000, "ключ": "v", "a/b": "1", "a/c/d": "2",
        "dots.in.it": "3", "with space": "4", "dash-": "5", "__proto__": "p", "toString": "t", "1": "one", "json": '{"a": [1, null]}', "html": "<img src=x>", "quote": "'\"`",
    }  # fmt: skip
    for key, value in params.items():
        tolerant(client.log_param, run_id, key, value)
    for key, value in {**params, "long": "t" * 5000, "mlflow.note.content": "# Note\r\n\n*x*\n"}.items():
        tolerant(client.set_tag, run_id, key, value)
    for value in ("first", "second", ""):
        client.set_tag(run_id, "overwritten", value)
    client.set_tag(run_id, "gone", "x")
    client.delete_tag(run_id, "gone")
    batch = [RunTag(f"t{at}", str(at)) for at in range(90)]
    client.log_batch(run_id, params=[Param(f"p{at}", str(at)) for at in range(100)], tags=batch)


def ends(experiment):
    for at, status in enumerate(["FINISHED", "FAILED", "KILLED", "SCHEDULED", "RUNNING"]):
        run_id = client.create_run(experiment, start_time=start + 20 + at, run_name=status).info.run_id
        client.set_terminated(run_id, status, end_time=start + 30 - at)
        client.log_metric(run_id, "acc", at / 10, timestamp=start, step=0)
        client.log_param(run_id, "lr", f"{at}e-3")
    for name, at in [("time 0", 0), ("time 1", 1), ("year 9999", 253402300799999), ("before 1970", -1000)]:
        run = tolerant(client.create_run, experiment, start_time=at, run_name=name)
        if run and at:
            tolerant(client.set_terminated, run.info.run_id, "FINISHED", end_time=at)
    client.create_run(experiment, run_name="started now")
    client.create_run(experiment, start_time=start + 40)
    client.create_run(experiment, start_time=start + 40, run_name="")
    client.create_run(experiment, start_time=start + 40, tags={"mlflow.user": "ana", "mlflow.source.name": "train.py", "mlflow.source.git.commit": "c0ffee" * 6 + "abcd"})
    parent = None
    for depth in range(4):
        tags = {"mlflow.parentRunId": parent} if parent else {}
        parent = client.create_run(experiment, start_time=start + 50 + depth, run_name=f"depth {depth}", tags=tags).info.run_id
    client.create_run(experiment, start_time=start + 60, run_name="orphan", tags={"mlflow.parentRunId": "0" * 32})


def changes(experiment):
    ids = [client.create_run(experiment, start_time=start + 70, run_name=f"change {at}").info.run_id for at in range(6)]
    client.delete_run(ids[0])
    client.delete_run(ids[1])
    client.restore_run(ids[1])
    if hasattr(client, "update_run"):
        tolerant(client.update_run, ids[2], name="renamed: 'yes'")
        tolerant(client.update_run, ids[3], status="KILLED")
    client.set_tag(ids[4], "mlflow.runName", "renamed by its tag")
    client.delete_tag(ids[5], "mlflow.runName")
    for name in ("restored", "renamed", "gone", "half gone"):
        made = client.create_experiment(name)
        for at in range(3):
            client.create_run(made, start_time=start + 80 + at, run_name=f"{name} {at}")
        if name == "restored":
            client.delete_experiment(made)
            client.restore_experiment(made)
        if name == "renamed":
            client.rename_experiment(made, "new name: é")
        if name in ("half gone",):
            client.delete_run(client.search_runs([made])[0].info.run_id)
        if name in ("gone", "half gone"):
            client.delete_experiment(made)
    twice = client.create_experiment("named twice")
    client.create_run(twice, start_time=start + 90, run_name="of the first")
    client.delete_experiment(twice)
    again = tolerant(client.create_experiment, "named twice")
    if again:
        client.create_run(again, start_time=start + 91, run_name="of the second")


def inputs(experiment):
    if Dataset is None:
        return
    for at, name in enumerate(["train", "tést 🚀", "a'b"]):
        run_id = client.create_run(experiment, start_time=start + 100 + at, run_name=f"data {at}").info.run_id
        tags = [[InputTag("mlflow.data.context", "training")], [InputTag("mlflow.data.context", "eval: 'x'"), InputTag("other", "1")], []][at]
        tolerant(client.log_inputs, run_id, [DatasetInput(Dataset(name, f"d{at}", "code", '{"a": 1}', schema="{}", profile=None), tags)])
        if at == 0:
            shared = DatasetInput(Dataset("shared", "d9", "code", "{}"), [InputTag("mlflow.data.context", "eval")])
            tolerant(client.log_inputs, run_id, [shared])


def models(experiment):
    if not hasattr(client, "create_logged_model"):
        return
    run_id = client.create_run(experiment, start_time=start + 110, run_name="with a model").info.run_id
    model = tolerant(client.create_logged_model, experiment, name="net", source_run_id=run_id, tags={"a": "b"}, params={"p": "1"})
    if model:
        tolerant(client.finalize_logged_model, model.model_id, "READY")
        tolerant(client.log_metric, run_id, "of model", 0.5, timestamp=start, step=3, model_id=model.model_id, dataset_name="shared", dataset_digest="d9")
        tolerant(client.log_metric, run_id, "of model", 0.75, timestamp=start, step=4)
    tolerant(client.create_registered_model, "registered")


def files(experiment, folder):
    root = Path(folder)
    (root / "deep" / "er" / "and" / "deeper").mkdir(parents=True)
    (root / "empty folder").mkdir()
    odd = ["notes.txt", "100%.txt", "a%20b.txt", "a#b.txt", "a?b.txt", "a b.txt", "ünï/cødé 🚀.txt", "日本語.txt", "a+b&c=d.txt", "'q'.txt", "a;b.txt", "[x].txt", ".hidden", "~x", "a\\b.txt", "deep/er/and/deeper/x", "Z.txt", "a.txt", "_.txt"]  # fmt: skip
    for name in odd:
        path = root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("héllo " + name)
    (root / "empty.bin").write_bytes(b"")
    (root / "big.bin").write_bytes(bytes(300_000))
    run_id = client.create_run(experiment, start_time=start + 120, run_name="files").info.run_id
    if "://" in uri and uri.startswith("http"):
        for path in root.rglob("*"):
            if path.is_file():
                folder_of = str(path.parent.relative_to(root)).replace("\\", "/")
                tolerant(client.log_artifact, run_id, str(path), None if folder_of == "." else folder_of)
    else:
        client.log_artifacts(run_id, str(root))
    tolerant(client.log_text, run_id, "x", "ürsprung/ä b%41#.txt")
    return run_id


searches = [
    {"filter": 'attributes.status = "FINISHED"'},
    {"filter": "status != 'FINISHED'", "order": ["attributes.start_time ASC"]},
    {"filter": "metrics.acc > 0.1 and metrics.acc <= 0.3", "order": ["metrics.acc DESC"]},
    {"filter": 'params.lr = "1e-3"'},
    {"filter": "params.`a/b` = '1' AND tags.`a/b` LIKE '%'"},
    {"filter": 'metrics."négatif" = 1'},
    {"filter": "metrics.`val/acc.top-5_x` >= 0.5"},
    {"filter": "metrics.\"a b  c\" < 1"},
    {"filter": "metrics.`précision é` = 0.5"},
    {"filter": "tags.mlflow.parentRunId != ''"},
    {"filter": "tags.`mlflow.parentRunId` LIKE '%'", "order": ["start_time DESC", "run_id"]},
    {"filter": "run_name ILIKE '%X%'"},
    {"filter": "run_name LIKE 'depth _'"},
    {"filter": "attributes.run_name = 'yes'"},
    {"filter": "tags.`mlflow.runName` = 'renamed by its tag'"},
    {"filter": "run_name = 'renamed by its tag'"},
    {"filter": "run_name = 'change 5'"},
    {"filter": "start_time > 1760000000040", "order": ["end_time DESC"]},
    {"filter": "end_time <= 1760000000030 and start_time >= 0"},
    {"filter": "datasets.name = 'train'"},
    {"filter": "dataset.name LIKE '%t%' "},
    {"filter": "datasets.digest = 'd9'"},
    {"filter": "dataset.context = 'training'"},
    {"filter": "dataset.context ILIKE 'EVAL%'"},
    {"filter": "dataset.name IN ('train', 'shared')"},
    {"filter": "dataset.name NOT IN ('train')"},
    {"filter": "dataset.name != 'train'"},
    {"filter": "user_id = 'ana'"},
    {"filter": "artifact_uri LIKE '%artifacts'", "order": ["metrics.acc ASC", "params.lr DESC"]},
    {"filter": "metrics.`nan only` > 0"},
    {"filter": "metrics.`nan only` != 0"},
    {"filter": "metrics.`nan last` < 5"},
    {"filter": "metrics.`inf only` > 1e308"},
    {"filter": "metrics.acc >= 0 and params.lr LIKE '%e-3' and status = 'FAILED'"},
    {"filter": "params.empty = ''"},
    {"filter": "params.gone IS NULL", "limit": 7},
    {"filter": "params.lr IS NOT NULL", "order": ["params.lr ASC"]},
    {"filter": "tags.gone IS NULL AND tags.n IS NULL", "limit": 3, "order": ["run_name ASC"]},
    {"filter": "", "order": ["run_name DESC"]},
    {"filter": "", "order": ["attributes.status ASC", "metrics.acc DESC", "tags.n"]},
    {"filter": "", "order": ["metrics.`nan last` ASC"]},
    {"filter": "", "order": ["metrics.all DESC", "params.`a/b`"]},
    {"filter": "", "order": ["end_time ASC"]},
    {"filter": "", "order": ["start_time DESC"], "limit": 5},
    {"filter": "", "order": ["tag.`mlflow.runName`"]},
    {"filter": "", "order": ["artifact_uri DESC"]},
    {"filter": "", "limit": 1},
    {"filter": "metrics.acc > 'x'"},
    {"filter": "foo = 'x'"},
    {"filter": "metrics.acc"},
    {"filter": "status = FINISHED"},
    {"filter": "status > 'FINISHED'"},
    {"filter": "params.lr > '1'"},
    {"filter": "metrics.acc > 0.1 OR metrics.acc < 0"},
    {"filter": "", "order": ["metrics.acc sideways"]},
]  # fmt: skip


def number(value):
    return value if math.isfinite(value) else {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")


def every_artifact(run_id, path=None):
    for entry in client.list_artifacts(run_id, path):
        yield {"path": entry.path, "isDir": entry.is_dir, "sizeBytes": entry.file_size}
        if entry.is_dir:
            yield from every_artifact(run_id, entry.path)


def pages(ask):
    token = None
    while True:
        page = ask(page_token=token)
        yield from page
        token = page.token
        if not token:
            return


def tell():
    experiments = list(pages(lambda page_token: client.search_experiments(view_type=ViewType.ALL, page_token=page_token)))
    names_of = {e.experiment_id: e.name for e in experiments}
    active = [e.experiment_id for e in experiments if e.lifecycle_stage == "active"]

    def words(run):
        return {
            "id": run.info.run_id,
            "name": run.info.run_name,
            "experimentId": run.info.experiment_id,
            "experimentName": names_of[run.info.experiment_id],
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

    told = {}
    for view, ids, kind in [("active", active, ViewType.ACTIVE_ONLY), ("deleted", list(names_of), ViewType.DELETED_ONLY)]:
        told[view] = [words(run) for run in pages(lambda page_token: client.search_runs(ids, run_view_type=kind, page_token=page_token))]
    histories, artifacts = [], {}
    for run in told["active"] + told["deleted"]:
        for key in run["metrics"]:
            # The file store gives points in the order they were logged, the others in this one.
            points = client.get_metric_history(run["id"], key)
            points.sort(key=lambda p: (p.timestamp, p.step, 0 if math.isnan(p.value) else p.value))
            columns = {"steps": [p.step for p in points], "values": [number(p.value) for p in points], "timestampsMs": [p.timestamp for p in points]}
            histories.append({"runId": run["id"], "key": key, **columns})
        if run["name"] in ("files", "plain", "with a model", "values"):
            artifacts[run["id"]] = list(every_artifact(run["id"]))
    answers = []
    for search in searches:
        try:
            found = client.search_runs(active, search["filter"], order_by=search.get("order"), max_results=search.get("limit", 1000))
            answers.append({**search, "ids": [run.info.run_id for run in found]})
        except Exception as error:
            answers.append({**search, "refused": f"{type(error).__name__}: {error}"[:300]})
    print(json.dumps({**told, "histories": histories, "artifacts": artifacts, "searches": answers}))


if command == "make":
    named_runs()
    odd = client.create_experiment('odd: "things" # é', tags={"team/sub": "vision\nline two"})
    values(odd)
    texts(odd)
    ends(odd)
    changes(odd)
    inputs(odd)
    models(odd)
    files(odd, sys.argv[3])
tell()
