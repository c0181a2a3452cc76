"""Writes runs with the real writers into DIR and prints, as JSON, what the real EventAccumulator reads of each.

python tensorboardRuns.py DIR POINTS
"""

import hashlib
import json
import math
import os
import struct
import sys

import numpy as np
import tensorboardX
from tensorboard.backend.event_processing import event_accumulator, io_wrapper
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.plugins.scalar import metadata as scalar_metadata
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from tensorboard.util import tensor_util

root, points = sys.argv[1], int(sys.argv[2])


def tensorboardx():
    with tensorboardX.SummaryWriter(os.path.join(root, "x", "long")) as writer:
        for step in range(points):
            writer.add_scalar("train/loss", math.sin(step / 50) / (step + 1), step, walltime=1.7e9 + step * 0.1)
    with tensorboardX.SummaryWriter(os.path.join(root, "x", "hard näme 損失")) as writer:
        for step, value in enumerate([1, float("nan"), float("inf"), float("-inf"), 1e-45, 3.4e38, -0.0]):
            writer.add_scalar("損失/ä <b>&\"'", value, step)
        for step in (5, 3, 9, 1, 2**40, 2**31):
            writer.add_scalar("back and forth", step, step, walltime=1.7e9 - step % 7)
        writer.add_text("note", "# Title\n\nsome *text* <script>", 3)
        writer.add_image("picture", np.random.default_rng(0).integers(0, 255, (3, 8, 9), dtype=np.uint8), 4)
        writer.add_histogram("weights", np.arange(100), 1)
        writer.add_scalars("group", {"a": 1.0, "b": 2.0}, 1)
        writer.add_hparams({"lr": 0.003, "opt": "sgd", "flag": True, "n": 7}, {"hp/metric": 0.25}, name="hp")
    with tensorboardX.SummaryWriter(os.path.join(root, "x", "resumed")) as writer:
        for step in range(100):
            writer.add_scalar("loss", step, step)
            writer.add_scalar("other", -step, step)
    with tensorboardX.SummaryWriter(
        os.path.join(root, "x", "resumed"), purge_step=60, filename_suffix=".z"
    ) as writer:
        for step in range(60, 90):
            writer.add_scalar("loss", step * 10, step)


def event_file_writer():
    for number in range(7):
        writer = EventFileWriter(os.path.join(root, "many files"), filename_suffix=".%d" % number)
        for step in range(number * 30, number * 30 + 40):
            for tag, value in (("f32", np.float32(step) / 3), ("f64", np.float64(step) / 3), ("i64", np.int64(step))):
                event = event_pb2.Event(wall_time=1.7e9 + step + number / 8, step=step)
                summary = event.summary.value.add(tag=tag, tensor=tensor_util.make_tensor_proto(value))
                if step == number * 30:
                    summary.metadata.CopyFrom(scalar_metadata.create_summary_metadata("", ""))
                writer.add_event(event)
            writer.add_event(
                event_pb2.Event(
                    wall_time=1.7e9 + step,
                    step=step,
                    summary=summary_pb2.Summary(
                        value=[summary_pb2.Summary.Value(tag="old", simple_value=step / 7)]
                    ),
                )
            )
        writer.close()


def number(value):
    return value if math.isfinite(value) else {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")


def read(folder):
    reader = event_accumulator.EventAccumulator(folder, size_guidance=event_accumulator.STORE_EVERYTHING_SIZE_GUIDANCE)
    reader.Reload()
    scalars = {tag: [(e.wall_time, e.step, e.value) for e in reader.Scalars(tag)] for tag in reader.Tags()["scalars"]}
    texts = {}
    for tag in reader.Tags()["tensors"]:
        plugin = reader.SummaryMetadata(tag).plugin_data.plugin_name
        arrays = [(e.wall_time, e.step, tensor_util.make_ndarray(e.tensor_proto)) for e in reader.Tensors(tag)]
        if plugin == "scalars":
            scalars[tag] = [(wall, step, array.item()) for wall, step, array in arrays]
        elif plugin == "text":
            texts[tag] = [(step, array.reshape(-1)[0].decode()) for _, step, array in arrays]
    answer = {"texts": texts, "scalars": {}, "images": {}, "first": reader.FirstEventTimestamp()}
    for tag in reader.Tags()["images"]:
        answer["images"][tag] = [
            (e.step, hashlib.sha256(e.encoded_image_string).hexdigest()) for e in reader.Images(tag)
        ]
    for tag, events in scalars.items():
        # The order of the contract, and milliseconds as Gamma gives them.
        events.sort(key=lambda e: (e[0], e[1]))
        packed = b"".join(
            struct.pack(">dd", wall * 1000, step) + (b"NaNNaNNa" if math.isnan(value) else struct.pack(">d", value))
            for wall, step, value in events
        )
        last = max(events, key=lambda e: (e[1], e[0]))
        answer["scalars"][tag] = {
            "count": len(events),
            "last": number(last[2]),
            "digest": hashlib.sha256(packed).hexdigest(),
        }
    return answer


tensorboardx()
event_file_writer()
runs = {}
for folder in io_wrapper.GetLogdirSubdirectories(root):
    runs[os.path.relpath(folder, root).replace(os.sep, "/")] = read(folder)
json.dump(runs, sys.stdout)
