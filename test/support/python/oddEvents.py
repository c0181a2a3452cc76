"""Writes a log folder full of odd event files and prints, as JSON, what TensorBoard's EventAccumulator reads of each run.

oddEvents.py DIR [SEED]   {run: {"points": {tag: [[wall_time, step, value], …]}}}, points in the order they are read
"""

import json
import math
import os
import random
import sys

import numpy as np
import tensorboardX
from tensorboard.backend.event_processing import event_accumulator, io_wrapper
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.plugins.scalar import metadata as scalar_metadata
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from tensorboard.summary.writer.record_writer import RecordWriter
from tensorboard.util import tensor_util

root = sys.argv[1]
chance = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 7)
start = 1.7e9


def place(*parts):
    path = os.path.join(root, *parts)
    os.makedirs(path, exist_ok=True)
    return path


def simple(tag, value, step, wall=None):
    value = summary_pb2.Summary.Value(tag=tag, simple_value=value)
    return event_pb2.Event(wall_time=start + step if wall is None else wall, step=step, summary=summary_pb2.Summary(value=[value]))


def tensor(tag, value, step, wall=None, is_first=False):
    event = event_pb2.Event(wall_time=start + step if wall is None else wall, step=step)
    added = event.summary.value.add(tag=tag, tensor=tensor_util.make_tensor_proto(value))
    if is_first:
        added.metadata.CopyFrom(scalar_metadata.create_summary_metadata("shown as", "said of it"))
    return event


def session(step, status=event_pb2.SessionLog.START):
    return event_pb2.Event(wall_time=start + step, step=step, session_log=event_pb2.SessionLog(status=status))


def write(path, events, version="brain.Event:2"):
    """Records without a writer's own first record, unless a version is given."""
    with open(path, "ab") as file:
        records = RecordWriter(file)
        if version:
            records.write(event_pb2.Event(wall_time=start, file_version=version).SerializeToString())
        for event in events:
            records.write(event if isinstance(event, bytes) else event.SerializeToString())


def odd_names():
    names = ["a b", "100% done", "#1", "ünï/cødé 🚀", "日本語", ".hidden", "l1/l2/l3/l4", "l1/l2", "quote'\"", "a\\b", "-v", "with\nline", "é" * 80]
    for at, name in enumerate(names):
        with tensorboardX.SummaryWriter(place(*name.split("/"))) as writer:
            writer.add_scalar("loss", at, at)
    with tensorboardX.SummaryWriter(root) as writer:
        writer.add_scalar("at the root", 0.5, 1)
    for name in ["my.tfevents", "tfevents", "events.out.tfevents.1.host.v2", "events.out.tfevents.2.host.tmp"]:
        write(os.path.join(place("file names"), name), [simple("from " + name, 1, 1)])
    write(os.path.join(place("file names"), "events.out.tfevents.3.host.profile-empty"), [])
    write(os.path.join(place("no event file"), "events.out"), [simple("x", 1, 1)])
    os.symlink(place("a b"), os.path.join(root, "linked"))


def odd_tags():
    writer = EventFileWriter(place("tags"))
    tags = ["", " ", "/", "/lead", "trail/", "a//b", "a/b/c/d", "new\nline", "損失/ä <b>&\"'", "t" * 5000, "__proto__", "constructor", "0", "10", "\u2028", "🚀", "a.b", "A", "a"]
    for step in range(3):
        for at, tag in enumerate(tags):
            writer.add_event(simple(tag, at + step, step))
    writer.add_event(simple("both styles", 1, 1))
    for step in range(3):
        writer.add_event(tensor("both styles", np.float32(step * 10), step, is_first=step == 0))
    many = event_pb2.Event(wall_time=start, step=9)
    for at in range(50):
        many.summary.value.add(tag=f"one event/{at % 25}", simple_value=at)
    writer.add_event(many)
    writer.close()


def odd_values():
    writer = EventFileWriter(place("values"))
    values = [math.nan, math.inf, -math.inf, -0.0, 1e-45, 3.4028234663852886e38, 1 / 3, 16777217, math.nan]
    for step, value in enumerate(values):
        writer.add_event(simple("simple", value, step))
        for kind in ("float16", "float32", "float64", "int64", "int32", "uint8", "bool", "int8", "int16", "uint16"):
            given = value if kind.startswith("float") or math.isfinite(value) else step - 3
            with np.errstate(all="ignore"):
                cast = np.array(given).astype(kind)
            writer.add_event(tensor(kind, cast, step, is_first=step == 0))
    for step, value in enumerate([0.1, 1e300, 5e-324, 2.0**60, -(2.0**53) - 2]):
        writer.add_event(tensor("doubles", np.float64(value), step, is_first=step == 0))
    for step, value in enumerate([2**62, -(2**63), 2**53 + 2]):
        writer.add_event(tensor("long integers", np.int64(value), step, is_first=step == 0))
    for step in (2**40, 2**31, -1, -(2**35), 0, 2**53):
        writer.add_event(simple("steps", step % 7, step, wall=start))
    for wall in (start, start - 5, 0.0, -1.5, start + 1 / 3, start, 4e9, 1e-9):
        writer.add_event(simple("walls", wall % 7, 1, wall=wall))
    for at in range(30):
        writer.add_event(simple("shuffled", at, chance.randrange(10), wall=start + chance.randrange(5)))
    for at in (3, 1, 2, math.nan, 0):
        writer.add_event(simple("same moment", at, 1, wall=start))
    writer.add_event(simple("nan only", math.nan, 0))
    empty = event_pb2.Event(wall_time=start, step=1)
    empty.summary.value.add(tag="no value")
    writer.add_event(empty)
    writer.close()


def restarts():
    folder = place("restarts", "session in a file")
    events = [simple("a", s, s) for s in range(10)] + [session(5)] + [simple("a", s * 10, s) for s in range(5, 8)]
    events += [session(20, event_pb2.SessionLog.STOP), session(2, event_pb2.SessionLog.CHECKPOINT), simple("b", 1, 1)]
    write(os.path.join(folder, "events.out.tfevents.1.h"), events)
    folder = place("restarts", "over files")
    for at, begin in enumerate([0, 6, 3, 9]):
        head = [session(begin)] if at else []
        write(os.path.join(folder, f"events.out.tfevents.{at}.h"), head + [simple("a", at * 100 + s, s) for s in range(begin, begin + 6)] + [tensor("t", np.float32(at), s, is_first=s == begin) for s in range(begin, begin + 3)])
    write(os.path.join(place("restarts", "back at 12:30:45"), "events.out.tfevents.1.h"), [simple("a", at, s) for at, s in enumerate([0, 1, 2, 3, 1, 2, 5])])
    for version in ("brain.Event:1", None, "garbage", "brain.Event:2.5"):
        path = os.path.join(place("restarts", f"version {version}"), "events.out.tfevents.1.h")
        events = [simple("a", at, s) for at, s in enumerate([0, 1, 2, 3, 1, 2, 5, 4])] + [simple("b", s, s) for s in (7, 6, 8)]
        write(path, events + [session(3), simple("a", 9, 3)], version)
    for begin in (0, 40):
        with tensorboardX.SummaryWriter(place("restarts", "purge"), purge_step=begin or None, filename_suffix=f".{begin}") as writer:
            for step in range(begin, begin + 60):
                writer.add_scalar("loss", step + begin * 10, step)
                writer.add_scalars("group", {"a": step, "b": -step}, step)
    for name, steps in (("0", range(0, 20, 2)), ("1", range(1, 20, 2))):
        write(os.path.join(place("two writers"), f"events.out.tfevents.5.{name}"), [simple("a", s, s) for s in steps])


def damage():
    def sound(tag, steps=range(20)):
        return [simple(tag, s, s) for s in steps]

    def file(*parts):
        return os.path.join(place("damage", *parts[:-1]), parts[-1])

    write(file("cut tail", "events.out.tfevents.1.h"), sound("a"))
    os.truncate(file("cut tail", "events.out.tfevents.1.h"), os.path.getsize(file("cut tail", "events.out.tfevents.1.h")) - 7)
    write(file("cut, then more", "events.out.tfevents.1.h"), sound("a"))
    os.truncate(file("cut, then more", "events.out.tfevents.1.h"), 300)
    write(file("cut, then more", "events.out.tfevents.2.h"), sound("a", range(30, 40)))
    open(file("empty", "events.out.tfevents.1.h"), "wb").close()
    open(file("empty, then more", "events.out.tfevents.1.h"), "wb").close()
    write(file("empty, then more", "events.out.tfevents.2.h"), sound("a"))
    write(file("more, then empty", "events.out.tfevents.1.h"), sound("a"))
    open(file("more, then empty", "events.out.tfevents.2.h"), "wb").close()
    write(file("version only", "events.out.tfevents.1.h"), [])
    for name, at in (("bad length", 200), ("bad data", 230)):
        path = file(name, "events.out.tfevents.1.h")
        write(path, sound("a"))
        # Records of one size, so that the place is known: 12 bytes of head, the event, 4 of check.
        size = len(sound("a")[5].SerializeToString()) + 16
        first = os.path.getsize(path) - size * 19 - (len(sound("a")[0].SerializeToString()) + 16)
        offset = first + size * 6 + (3 if name == "bad length" else 20)
        with open(path, "r+b") as opened:
            opened.seek(offset)
            byte = opened.read(1)[0]
            opened.seek(offset)
            opened.write(bytes([byte ^ 0x55]))
        write(file(name, "events.out.tfevents.2.h"), sound("b"))
    write(file("zeros", "events.out.tfevents.1.h"), sound("a"))
    with open(file("zeros", "events.out.tfevents.1.h"), "ab") as opened:
        opened.write(bytes(500))


def number(value):
    value = value + 0 if isinstance(value, bool) else value
    return value if math.isfinite(value) else {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")


def read(folder):
    reader = event_accumulator.EventAccumulator(folder, size_guidance=event_accumulator.STORE_EVERYTHING_SIZE_GUIDANCE)
    reader.Reload()
    points = {tag: [[e.wall_time, e.step, number(e.value)] for e in reader.Scalars(tag)] for tag in reader.Tags()["scalars"]}
    for tag in reader.Tags()["tensors"]:
        if reader.SummaryMetadata(tag).plugin_data.plugin_name == "scalars":
            found = [[e.wall_time, e.step, number(tensor_util.make_ndarray(e.tensor_proto).item())] for e in reader.Tensors(tag)]
            points[tag] = points.get(tag, []) + found
    return {"points": points}


def hparams():
    with tensorboardX.SummaryWriter(place("hparams")) as writer:
        params = {"lr": 0.003, "opt": "sgd", "flag": True, "n": 7, "long": 2**40, "tiny": 1e-10, "ünï": "é", "empty": "", "a/b": 1.0}
        writer.add_hparams(params, {"hp/metric": 0.25, "acc": 1.0}, name="session")


odd_names()
odd_tags()
odd_values()
restarts()
hparams()
damage()
runs = {}
for folder in io_wrapper.GetLogdirSubdirectories(root):
    runs[os.path.relpath(folder, root).replace(os.sep, "/")] = read(folder)
json.dump(runs, sys.stdout)
