"""Logs a training as an MLflow run, with nothing but Python's standard library.

Writes the folder layout that MLflow itself calls a file store (mlruns/<experiment>/<run>/...), so that Gamma,
and any MLflow client that still reads such folders, show the run while it trains.
"""

import json
import os
import subprocess
import time
import uuid
from pathlib import Path
from urllib.parse import urlparse
from urllib.request import url2pathname

STATUS = {"RUNNING": 1, "SCHEDULED": 2, "FINISHED": 3, "FAILED": 4, "KILLED": 5}


def now_ms():
    return int(time.time() * 1000)


def quoted(text):
    """A YAML scalar: JSON's double quotes are valid YAML."""
    return json.dumps(text, ensure_ascii=False)


def write_yaml(path, fields):
    text = "".join(f"{key}: {value}\n" for key, value in sorted(fields.items()))
    temporary = path.with_suffix(".tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)  # a reader sees the old file or the new one, never half of it


def git(*arguments):
    """What git answers in this folder, or an empty string outside a repository."""
    answer = subprocess.run(["git", *arguments], capture_output=True, text=True, check=False)
    return answer.stdout if answer.returncode == 0 else ""


def find_experiment(root, name):
    """The folder of the experiment with this name; made when there is none."""
    for meta in root.glob("*/meta.yaml"):
        if f"name: {quoted(name)}\n" in meta.read_text(encoding="utf-8"):
            return meta.parent
    number = str(uuid.uuid4().int % 10**18).zfill(18)
    folder = root / number
    folder.mkdir(parents=True)
    write_yaml(
        folder / "meta.yaml",
        {
            "artifact_location": quoted(folder.as_uri()),
            "creation_time": now_ms(),
            "experiment_id": quoted(number),
            "last_update_time": now_ms(),
            "lifecycle_stage": "active",
            "name": quoted(name),
        },
    )
    return folder


def find_given_run():
    """The folder of the run that whoever started this training has begun for it, as MLflow's own client finds it."""
    run_id, store = os.environ.get("MLFLOW_RUN_ID"), urlparse(os.environ.get("MLFLOW_TRACKING_URI", ""))
    if not run_id or store.scheme != "file":
        return None
    return next(Path(url2pathname(store.path)).glob(f"*/{run_id}"), None)


class Run:
    """
    One run. Use it in a `with` block: it ends FINISHED, KILLED on Ctrl+C, FAILED on any other exception.
    A run that was given (`is_given`) is its giver's to name and to end; what is logged goes there.
    """

    def __init__(self, root, experiment, name, params, parent=None, run_id=None):
        self.open_metrics = {}
        given = find_given_run()
        self.is_given = given is not None
        if given:
            self.id, self.folder = given.name, given
            for key, value in params.items():
                self.write("params", key, value)
            return
        root = Path(root).resolve()
        folder = find_experiment(root, experiment)
        self.id = run_id or uuid.uuid4().hex
        self.folder = folder / self.id
        resumed = self.folder.exists()
        for part in ("metrics", "params", "tags", "artifacts"):
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        self.meta = {
            "artifact_uri": quoted((self.folder / "artifacts").as_uri()),
            "end_time": "null",
            "entry_point_name": "''",
            "experiment_id": quoted(folder.name),
            "lifecycle_stage": "active",
            "run_id": self.id,
            "run_name": quoted(name),
            "source_name": "''",
            "source_type": 4,
            "source_version": "''",
            "start_time": now_ms(),
            "status": STATUS["RUNNING"],
            "tags": "[]",
            "user_id": quoted(os.environ.get("USER", "demo")),
        }
        if resumed:
            kept = (self.folder / "meta.yaml").read_text(encoding="utf-8")
            self.meta["start_time"] = kept.split("start_time: ")[1].split("\n")[0]
        write_yaml(self.folder / "meta.yaml", self.meta)
        for key, value in params.items():
            self.write("params", key, value)
        self.tag("mlflow.runName", name)
        self.tag("mlflow.source.name", "train.py")
        self.tag("mlflow.source.type", "LOCAL")
        self.tag("mlflow.user", os.environ.get("USER", "demo"))
        if parent:
            self.tag("mlflow.parentRunId", parent)
        self.tag_code()

    def tag_code(self):
        """Which commit and branch train, and what is changed but not committed."""
        commit = git("rev-parse", "HEAD").strip()
        if not commit:
            return
        self.tag("mlflow.source.git.commit", commit)
        branch = git("rev-parse", "--abbrev-ref", "HEAD").strip()
        if branch and branch != "HEAD":
            self.tag("mlflow.source.git.branch", branch)
        diff = git("diff", "HEAD")
        if diff:
            self.artifact("uncommitted.diff", diff.encode())

    def write(self, kind, key, value):
        path = self.folder / kind / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(str(value), encoding="utf-8")

    def tag(self, key, value):
        self.write("tags", key, value)

    def metric(self, key, value, step):
        """Appends one point; whole lines only, so that a reader never sees half a number."""
        file = self.open_metrics.get(key)
        if file is None:
            path = self.folder / "metrics" / key
            path.parent.mkdir(parents=True, exist_ok=True)
            file = self.open_metrics[key] = open(path, "ab", buffering=0)
        file.write(f"{now_ms()} {value!r} {step}\n".encode())

    def metrics(self, values, step):
        for key, value in values.items():
            self.metric(key, value, step)

    def artifact(self, name, content):
        path = self.folder / "artifacts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def end(self, status):
        for file in self.open_metrics.values():
            file.close()
        if self.is_given:
            return
        self.meta.update(status=STATUS[status], end_time=now_ms())
        write_yaml(self.folder / "meta.yaml", self.meta)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, _traceback):
        if kind is None:
            self.end("FINISHED")
        elif issubclass(kind, KeyboardInterrupt):
            self.end("KILLED")
        else:
            self.tag("mlflow.note.content", f"**Failed:** {kind.__name__}: {error}")
            self.end("FAILED")
        return False
