"""Python values as JSON and back, without loss: what JSON has no word for is an object with its type under "$"."""

import base64
import datetime
import decimal
import uuid

import numpy as np

SAFE = 2**53 - 1


def _text(data):
    return base64.b64encode(data).decode("ascii")


def _array(value):
    if value.dtype.kind == "O":
        return {"$": "objects", "shape": list(value.shape), "items": [encode(each) for each in value.ravel()]}
    # Structured types have no short name: their description lists the fields.
    dtype = value.dtype.str if value.dtype.names is None else [list(field) for field in value.dtype.descr]
    return {"$": "array", "dtype": dtype, "shape": list(value.shape), "data": _text(value.tobytes("C"))}


def encode(value):
    """The JSON form of a value. TypeError for a type that has none, so that nothing is compared by its print."""
    if value is None or isinstance(value, bool) or type(value) is str:
        return value
    if type(value) is int:
        return value if abs(value) <= SAFE else {"$": "int", "value": str(value)}
    if type(value) is float:
        return {"$": "float", "value": repr(value)}
    if isinstance(value, (bytes, bytearray, memoryview)):
        return {"$": "bytes", "data": _text(bytes(value))}
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, np.generic):
        return {"$": "scalar", "dtype": value.dtype.str, "data": _text(value.tobytes())}
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return {"$": type(value).__name__, "value": value.isoformat()}
    if isinstance(value, (decimal.Decimal, uuid.UUID, complex)):
        return {"$": type(value).__name__, "value": str(value)}
    if isinstance(value, list):
        return [encode(each) for each in value]
    if isinstance(value, tuple):
        return {"$": "tuple", "items": [encode(each) for each in value]}
    if isinstance(value, (set, frozenset)):
        return {"$": "set", "items": sorted((encode(each) for each in value), key=repr)}
    if isinstance(value, dict):
        if all(type(key) is str and key != "$" for key in value):
            return {key: encode(each) for key, each in value.items()}
        return {"$": "dict", "items": [[encode(key), encode(each)] for key, each in value.items()]}
    raise TypeError(f"no JSON form for {type(value).__module__}.{type(value).__name__}")


def _dtype(description):
    return np.dtype(description if isinstance(description, str) else [tuple(field) for field in description])


def _decode_array(tagged):
    data = np.frombuffer(base64.b64decode(tagged["data"]), _dtype(tagged["dtype"]))
    return data.reshape(tagged["shape"]).copy()


def _decode_objects(tagged):
    array = np.empty(len(tagged["items"]), dtype=object)
    for index, item in enumerate(tagged["items"]):
        array[index] = decode(item)
    return array.reshape(tagged["shape"])


_DECODERS = {
    "int": lambda tagged: int(tagged["value"]),
    "float": lambda tagged: float(tagged["value"]),
    "bytes": lambda tagged: base64.b64decode(tagged["data"]),
    "array": _decode_array,
    "objects": _decode_objects,
    "scalar": lambda tagged: np.frombuffer(base64.b64decode(tagged["data"]), tagged["dtype"])[0],
    "datetime": lambda tagged: datetime.datetime.fromisoformat(tagged["value"]),
    "date": lambda tagged: datetime.date.fromisoformat(tagged["value"]),
    "time": lambda tagged: datetime.time.fromisoformat(tagged["value"]),
    "Decimal": lambda tagged: decimal.Decimal(tagged["value"]),
    "UUID": lambda tagged: uuid.UUID(tagged["value"]),
    "complex": lambda tagged: complex(tagged["value"]),
    "tuple": lambda tagged: tuple(decode(each) for each in tagged["items"]),
    "set": lambda tagged: {decode(each) for each in tagged["items"]},
    "dict": lambda tagged: {decode(key): decode(each) for key, each in tagged["items"]},
}


def decode(value):
    """The Python value of a JSON form. KeyError for an unknown type."""
    if isinstance(value, list):
        return [decode(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "$" in value:
        return _DECODERS[value["$"]](value)
    return {key: decode(each) for key, each in value.items()}
