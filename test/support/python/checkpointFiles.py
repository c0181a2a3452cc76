"""Writes checkpoints into the folder given, as torch.save and safetensors lay them out, with the standard library alone."""

import collections
import io
import json
import pathlib
import pickle
import struct
import sys
import types
import zipfile

folder = pathlib.Path(sys.argv[1])


def module(name, **members):
    made = types.ModuleType(name)
    for key, value in members.items():
        value.__module__ = name
        value.__qualname__ = value.__name__ = key
        setattr(made, key, value)
    sys.modules[name] = made


def named(name):
    def rebuild(*given):
        raise AssertionError("only named, never called")

    return rebuild


module("torch", FloatStorage=type("FloatStorage", (), {}), BFloat16Storage=type("BFloat16Storage", (), {}))
module("torch._utils", _rebuild_tensor_v2=named("a"), _rebuild_parameter=named("b"))
torch = sys.modules["torch"]
utils = sys.modules["torch._utils"]


class Storage:
    def __init__(self, kind, key, count):
        self.id = ("storage", kind, key, "cpu", count)


class Tensor:
    def __init__(self, storage, shape, offset=0):
        self.given = (storage, offset, shape, (1,) * len(shape), False, collections.OrderedDict())

    def __reduce__(self):
        return utils._rebuild_tensor_v2, self.given


class Parameter:
    def __init__(self, tensor):
        self.given = (tensor, True, collections.OrderedDict())

    def __reduce__(self):
        return utils._rebuild_parameter, self.given


class Torch(pickle.Pickler):
    def persistent_id(self, value):
        return value.id if isinstance(value, Storage) else None


def pickled(value, protocol):
    out = io.BytesIO()
    Torch(out, protocol).dump(value)
    return out.getvalue()


embedding = Storage(torch.FloatStorage, "0", 1000 * 64)
state = collections.OrderedDict(
    [
        ("embed.weight", Parameter(Tensor(embedding, (1000, 64)))),
        ("head.weight", Tensor(embedding, (1000, 64))),
        ("head.bias", Tensor(Storage(torch.BFloat16Storage, "1", 1000), (1000,))),
        ("scale", Tensor(Storage(torch.FloatStorage, "2", 1), ())),
    ]
)
moments = {"exp_avg": Tensor(Storage(torch.FloatStorage, "3", 1000 * 64), (1000, 64))}
checkpoint = {
    "epoch": 3,
    "global_step": 1200,
    "name": "größe",
    "state_dict": state,
    "optimizer_states": [{"state": {0: moments}}],
}


def torch_zip(path, data, method=zipfile.ZIP_STORED, storages=3):
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("archive/data.pkl", data)
        for number in range(storages):
            archive.writestr(f"archive/data/{number}", bytes(4096))
        archive.writestr("archive/version", "3\n")


# Protocol 0 writes what names a storage as text, which torch.save never does.
for protocol in range(1, 6):
    torch_zip(folder / f"protocol{protocol}.pt", pickled(checkpoint, protocol))
torch_zip(folder / "deflated.pt", pickled(checkpoint, 2), zipfile.ZIP_DEFLATED)
torch_zip(folder / "many.pt", pickled(checkpoint, 2), storages=3000)
legacy = [0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}, checkpoint]
(folder / "legacy.pt").write_bytes(b"".join(pickled(each, 2) for each in legacy) + bytes(4096))


class Shell:
    def __reduce__(self):
        return __import__("os").system, (f"touch {folder / 'ran'}",)


torch_zip(folder / "hostile.pt", pickled({"state_dict": state, "x": Shell()}, 2))
laughs = ["ha"]
for _ in range(64):
    laughs = [laughs] * 10
torch_zip(folder / "laughs.pt", pickled({"x": laughs, "state_dict": state}, 2))
with zipfile.ZipFile(folder / "other.zip", "w") as archive:
    archive.writestr("readme.txt", "no checkpoint")

header = {
    "__metadata__": {"format": "pt", "step": "1200"},
    "head.weight": {"dtype": "BF16", "shape": [10, 64], "data_offsets": [0, 1280]},
    "head.bias": {"dtype": "F32", "shape": [10], "data_offsets": [1280, 1320]},
}
text = json.dumps(header).encode()
(folder / "model.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + bytes(1320))
