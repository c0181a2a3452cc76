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
# As an archive of more than 4 GB or 65,535 files has it, without its size.
limits = (zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT)
zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT = 16, 2
torch_zip(folder / "zip64.pt", pickled(checkpoint, 2))
zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT = limits


class Float8:
    """As tensors of types that no storage class is named after: the type stands beside an untyped storage."""

    def __init__(self, key, shape, dtype):
        count = 1
        for size in shape:
            count *= size
        storage = Storage(sys.modules["torch.storage"].UntypedStorage, key, count)
        self.given = (storage, 0, shape, (1,) * len(shape), False, collections.OrderedDict(), dtype, None)

    def __reduce__(self):
        return utils._rebuild_tensor_v3, self.given


class Named:
    """Pickled as the global of this name, as PyTorch's types are."""

    def __init__(self, name):
        self.name = name

    def __reduce__(self):
        return self.name


module("torch.storage", UntypedStorage=type("UntypedStorage", (), {}))
utils._rebuild_tensor_v3 = named("c")
utils._rebuild_tensor_v3.__module__ = "torch._utils"
utils._rebuild_tensor_v3.__qualname__ = utils._rebuild_tensor_v3.__name__ = "_rebuild_tensor_v3"
eight = Named("float8_e4m3fn")
Named.__module__ = "torch"
torch.float8_e4m3fn = eight
wrapped = {
    "model": {"module.encoder.weight": Float8("0", (64, 32), eight), "module.head": {"bias": state["head.bias"]}},
    "optimizer": {
        "state": {0: {"step": 1200, "exp_avg": Tensor(Storage(torch.FloatStorage, "1", 2048), (64, 32))}},
        "param_groups": [{"lr": 0.1, "betas": (0.9, 0.999), "params": [0]}],
    },
    "epoch": 7,
}
torch_zip(folder / "wrapped.pt", pickled(wrapped, 2))
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

shards = {}
for number, names in ((1, ["embed.weight"]), (2, ["head.bias", "head.weight"])):
    file = f"model-0000{number}-of-00002.safetensors"
    part = {
        name: {"dtype": "F8_E5M2", "shape": [10, 4], "data_offsets": [40 * at, 40 * at + 40]}
        for at, name in enumerate(names)
    }
    text = json.dumps(part).encode()
    (folder / file).write_bytes(struct.pack("<Q", len(text)) + text + bytes(40 * len(names)))
    shards.update({name: file for name in names})
index = {"metadata": {"total_size": 120}, "weight_map": shards}
(folder / "model.safetensors.index.json").write_text(json.dumps(index))
index["weight_map"]["gone.weight"] = "model-00003-of-00002.safetensors"
(folder / "holey.safetensors.index.json").write_text(json.dumps(index))
