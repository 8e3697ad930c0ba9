#!/usr/bin/env python3
"""Writes numpy.txt beside this file: what NumPy says of promotion, casting and broadcasting.

Needs numpy==2.4.*; run it as `python3 ufunc/tests/golden/generate.py` and review the diff.
The tests read numpy.txt alone and need no Python.
"""

import itertools
import pathlib
import random

import numpy as np

assert np.__version__.startswith("2.4."), np.__version__

NAMES = {
    "bool": np.bool_,
    "i8": np.int8,
    "i16": np.int16,
    "i32": np.int32,
    "i64": np.int64,
    "u8": np.uint8,
    "u16": np.uint16,
    "u32": np.uint32,
    "u64": np.uint64,
    "f32": np.float32,
    "f64": np.float64,
    "f16": np.float16,
    "Complex<f32>": np.complex64,
    "Complex<f64>": np.complex128,
}
NAME_OF = {np.dtype(dtype): name for name, dtype in NAMES.items()}


def result(*arguments):
    return NAME_OF[np.result_type(*arguments)]


def lines():
    yield f"# numpy {np.__version__}"
    yield "# promote A B -> C; result A B C -> D; weak A LITERALS -> B"
    for a, b in itertools.product(NAMES, repeat=2):
        yield f"promote {a} {b} -> {NAME_OF[np.promote_types(NAMES[a], NAMES[b])]}"
    for names in itertools.combinations(NAMES, 3):
        yield f"result {' '.join(names)} -> {result(*(np.dtype(NAMES[n]) for n in names))}"
    for name, dtype in NAMES.items():
        for kinds, literals in (
            ("int", [1]),
            ("float", [1.0]),
            ("int,float", [1, 1.0]),
            ("complex", [1j]),
            ("int,complex", [1, 1j]),
        ):
            yield f"weak {name} {kinds} -> {result(np.dtype(dtype), *literals)}"
    yield "# cast RULE FROM -> all that FROM casts to"
    for rule in ("no", "equiv", "safe", "same_kind", "unsafe"):
        for name, dtype in NAMES.items():
            targets = [to for to in NAMES if np.can_cast(dtype, NAMES[to], rule)]
            yield f"cast {rule} {name} -> {' '.join(targets)}"
    yield "# broadcast SHAPE SHAPE .. -> SHAPE, or error"
    random.seed(2)
    cases = [
        [(), ()],
        [(3,), ()],
        [(3,), (1,)],
        [(3,), (4,)],
        [(0,), (1,)],
        [(0,), (2,)],
        [(0,), ()],
        [(5, 1), (1, 7)],
        [(5, 1, 3), (4, 1)],
        [(2, 3), (3, 2)],
        [(1, 1, 1), (1,)],
        [(6, 0, 2), (1, 2)],
        [(8, 1, 6, 1), (7, 1, 5)],
        [(256, 256, 3), (3,)],
        [(2, 1), (8, 4, 3)],
    ]
    for _ in range(120):
        lengths = [random.choice([0, 2, 3, 4]) for _ in range(4)]
        shapes = []
        for _ in range(random.randint(1, 4)):
            ndim = random.randint(0, 4)
            own = [random.choice([n, n, n, 1]) for n in lengths[4 - ndim:]]
            if own and random.random() < 0.06:
                own[random.randrange(len(own))] = 5
            shapes.append(tuple(own))
        cases.append(shapes)
    for shapes in cases:
        try:
            answer = text(np.broadcast_shapes(*shapes))
        except ValueError:
            answer = "error"
        yield f"broadcast {' '.join(map(text, shapes))} -> {answer}"


def text(shape):
    return "[" + ",".join(map(str, shape)) + "]"


pathlib.Path(__file__).with_name("numpy.txt").write_text("\n".join(lines()) + "\n")
