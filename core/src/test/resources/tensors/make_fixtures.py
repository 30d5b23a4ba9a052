"""Writes the files of this folder: NumPy's by NumPy, PyTorch's by Python's pickle and zipfile.

PyTorch itself is not needed. Modules and classes of its names stand in for it, so that the pickles
name what torch.save names; the layouts around them are written out below.
"""

import collections
import pickle
import struct
import sys
import types
import zipfile

import numpy as np

CODES = ["f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "b1"]


def values(code):
    i = np.arange(24)
    if code[0] == "f":
        v = (i - 7) * 0.375
    elif code[0] == "i":
        v = (i - 7) * 5
    elif code[0] == "u":
        v = i * 9
    else:
        v = i % 3 == 0
    return v.reshape(2, 3, 4)


def numpy_arrays():
    arrays = {}
    for code in CODES:
        for order, mark in (("little", "<"), ("big", ">")):
            a = values(code).astype(np.dtype(mark + code))
            arrays[f"{code}.{order}.C"] = a
            arrays[f"{code}.{order}.F"] = np.asfortranarray(a)
    arrays["scalar"] = np.float64(2.5)
    arrays["empty"] = np.zeros((0, 3), np.float32)
    arrays["vector"] = np.arange(5, dtype=np.int32)
    return arrays


np.savez("numpy-stored.npz", **numpy_arrays())
np.savez_compressed("numpy-deflated.npz", **numpy_arrays())
for version in (1, 2, 3):
    with open(f"numpy-v{version}.npy", "wb") as f:
        np.lib.format.write_array(f, values("f4").astype("<f4"), version=(version, 0))


# ---- stand-ins for PyTorch -------------------------------------------------------------------


def module(name):
    m = types.ModuleType(name)
    sys.modules[name] = m
    return m


torch = module("torch")
torch._utils = module("torch._utils")
torch.storage = module("torch.storage")
nets = module("my_project.nets")
module("my_project").nets = nets


def fake_class(owner, name, bases=(object,)):
    c = type(name, bases, {"__module__": owner.__name__})
    setattr(owner, name, c)
    return c


def fake_function(owner, name):
    def f(*args):
        raise AssertionError("never called")

    f.__module__, f.__name__, f.__qualname__ = owner.__name__, name, name
    setattr(owner, name, f)
    return f


REBUILD = {n: fake_function(torch._utils, n) for n in
           ["_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_tensor_v3", "_rebuild_parameter"]}
STORAGES = {
    "f8": "DoubleStorage", "f4": "FloatStorage", "f2": "HalfStorage", "bf16": "BFloat16Storage",
    "i8": "LongStorage", "i4": "IntStorage", "i2": "ShortStorage", "i1": "CharStorage",
    "u1": "ByteStorage", "b1": "BoolStorage", "c8": "ComplexFloatStorage",
}
CLASSES = {code: fake_class(torch, name) for code, name in STORAGES.items()}
UNTYPED = fake_class(torch.storage, "UntypedStorage")


class DType:
    """Pickles as a name in module torch, as torch.uint16 does."""

    def __init__(self, name):
        self.name = name

    def __reduce__(self):
        return self.name


U2 = DType("uint16")
torch.uint16 = U2
U2.__module__ = "torch"


class Storage:
    def __init__(self, code, elements, untyped=False):
        self.code, self.untyped = code, untyped
        if code == "bf16":
            wide = np.asarray(elements, "<f4").view("<u4")
            self.raw = (wide >> 16).astype("<u2")
        else:
            self.raw = np.asarray(elements, "<" + code)
        self.size = self.raw.nbytes if untyped else len(self.raw)


class Tensor:
    def __init__(self, storage, shape, stride=None, offset=0, maker="_rebuild_tensor_v2"):
        if stride is None:
            stride = [int(np.prod(shape[i + 1:])) for i in range(len(shape))]
        self.args = (storage, offset, tuple(shape), tuple(stride))
        self.maker = maker

    def __reduce__(self):
        extra = () if self.maker == "_rebuild_tensor" else (False, collections.OrderedDict())
        if self.maker == "_rebuild_tensor_v3":
            extra += (U2,)
        return REBUILD[self.maker], self.args + extra


class Parameter:
    def __init__(self, tensor):
        self.tensor = tensor

    def __reduce__(self):
        return REBUILD["_rebuild_parameter"], (self.tensor, True, collections.OrderedDict())


def torch_pickle(obj, protocol, legacy):
    import io

    out, storages = io.BytesIO(), []

    class P(pickle.Pickler):
        def persistent_id(self, o):
            if not isinstance(o, Storage):
                return None
            if o not in storages:
                storages.append(o)
            cls = UNTYPED if o.untyped else CLASSES[o.code]
            key = str(storages.index(o) + (94000 if legacy else 0))
            return ("storage", cls, key, "cpu", o.size) + ((None,) if legacy else ())

    P(out, protocol).dump(obj)
    return out.getvalue(), storages


def save_zip(name, obj, protocol=2, big=False):
    data, storages = torch_pickle(obj, protocol, False)
    with zipfile.ZipFile(name, "w") as z:
        def put(member, content):
            z.writestr(zipfile.ZipInfo("archive/" + member), content)

        put("data.pkl", data)
        put("byteorder", "big" if big else "little")
        for i, s in enumerate(storages):
            raw = s.raw.byteswap() if big else s.raw
            put(f"data/{i}", raw.tobytes())
        put("version", "3\n")


def save_legacy(name, obj):
    data, storages = torch_pickle(obj, 2, True)
    keys = [str(94000 + i) for i in range(len(storages))]
    system = {"protocol_version": 1001, "little_endian": True,
              "type_sizes": {"short": 2, "int": 4, "long": 4}}
    with open(name, "wb") as f:
        f.write(pickle.dumps(0x1950A86A20F9469CFC6C, 2))
        f.write(pickle.dumps(1001, 2))
        f.write(pickle.dumps(system, 2))
        f.write(data)
        f.write(pickle.dumps(sorted(keys), 2))
        for s in storages:
            f.write(struct.pack("<q", s.size) + s.raw.tobytes())


def state_dict():
    d = collections.OrderedDict()
    for code in ["f8", "f4", "f2", "bf16", "i8", "i4", "i2", "i1", "u1", "b1"]:
        like = "f4" if code == "bf16" else code
        d["type." + code] = Tensor(Storage(code, values(like).ravel()), (2, 3, 4))
    shared = Storage("f4", np.arange(40))
    d["whole"] = Tensor(shared, (5, 8))
    d["transposed"] = Tensor(shared, (8, 5), (1, 8))
    d["columns"] = Tensor(shared, (5, 3), (8, 2), 1)
    d["repeated"] = Tensor(shared, (3, 4), (0, 1), 8)
    d["scalar"] = Tensor(shared, (), (), 7)
    d["empty"] = Tensor(shared, (0, 8))
    d["tied"] = d["whole"]
    d["first"] = Tensor(shared, (2,), None, 3, "_rebuild_tensor")
    d["parameter"] = Parameter(Tensor(shared, (2, 2), (2, 1), 36))
    d["complex"] = Tensor(Storage("c8", [1 + 2j, 3 - 4j]), (2,))
    return d


def training_checkpoint():
    w = Storage("f4", np.arange(6) / 4)
    return {
        "model": collections.OrderedDict([("wte.weight", Tensor(w, (2, 3)))]),
        "optimizer": {
            "state": {0: {"step": 7, "exp_avg": Tensor(w, (3,), (1,), 3)}},
            "param_groups": [{"lr": 0.001, "betas": (0.9, 0.95), "params": [0]}],
        },
        "model_args": {"n_layer": 6, "bias": False, "dropout": 0.0, "name": "tiny", "none": None},
        "tags": {"only"},
        "big": 2**100,
        "iter_num": 2000,
    }


class Holder:
    """Pickles as an instance of a class of the owner's, with a state."""

    def __init__(self, cls, state):
        self.cls, self.state = cls, state

    def __reduce__(self):
        return fake_function(nets, self.cls), (), self.state


def pickled_module():
    def module(cls, parameters, modules, **others):
        state = {"training": True, "_parameters": collections.OrderedDict(parameters),
                 "_buffers": collections.OrderedDict(), "_modules": collections.OrderedDict(modules)}
        return Holder(cls, {**state, **others})

    w = Storage("f4", np.arange(8) - 3)
    linear = module("Linear", {"weight": Parameter(Tensor(w, (2, 3))), "bias": None}, {})
    norm = module("Norm", {"weight": Parameter(Tensor(w, (2,), (1,), 6))}, {})
    return module("Net", {}, {"0": linear, "ln_f": norm}, depth=2)


save_zip("torch-state-dict.pt", state_dict())
save_zip("torch-state-dict-big-endian.pt", state_dict(), big=True)
save_zip("torch-training-protocol4.pt", training_checkpoint(), protocol=4)
save_zip("torch-module.pt", pickled_module())
u2 = Storage("u2", [1, 65535, 3], untyped=True)
save_zip("torch-untyped.pt", {"u2": Tensor(u2, (2,), None, 1, "_rebuild_tensor_v3")}, protocol=2)
save_legacy("torch-state-dict-legacy.pth", state_dict())
save_legacy("torch-training-legacy.pth", training_checkpoint())
save_legacy("torch-module-legacy.pth", pickled_module())
