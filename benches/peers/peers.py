"""Measures NumPy and Numba for benches/loops.

Questions come as lines of JSON on the standard input, answers go as lines to the standard output; the
first line tells the versions. With `--alone` it prints a table over operands of its own instead.
"""

import json
import os
import sys
import time

# One thread, unless a row asks for more; must be set before the libraries start.
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")


def versions():
    found = {"python": sys.version.split()[0]}
    try:
        import numpy

        found["numpy"] = numpy.__version__
    except ImportError:
        return found
    try:
        import numba
        from numba.core import config

        found["numba"] = numba.__version__
        found["svml"] = bool(config.USING_SVML)
    except ImportError:
        pass
    return found


def best(f, arrays, threads, seconds):
    """The best time of one call, in turns of about two milliseconds.

    Of one thread, the time that the process had a CPU, as benches/loops takes it too.
    """
    clock = time.process_time if threads == 1 else time.perf_counter
    start = clock()
    f(*arrays)
    least = max(clock() - start, 1e-7)
    calls = int(0.002 / least) + 1
    rounds, begin = 0, time.perf_counter()
    while rounds < 1 or time.perf_counter() - begin < seconds:
        start = clock()
        for _ in range(calls):
            f(*arrays)
        least = min(least, (clock() - start) / calls)
        rounds += 1
    return least


def near(name, found, expected):
    import numpy as np

    tolerance = 1e-5 if expected.dtype == np.float32 else 1e-8
    if not np.allclose(found, expected, rtol=tolerance, atol=tolerance):
        worst = np.nanmax(np.abs(found.astype(float) - expected.astype(float)))
        raise AssertionError(f"{name}: results differ by up to {worst}")


def read(description):
    import numpy as np

    shape = description["shape"]
    array = np.fromfile(description["path"], dtype=description["dtype"]).reshape(shape)
    return array if shape else array[()]


def measure(name, operands, expected, threads, seconds):
    """The seconds of each peer that has the case."""
    import numpy as np

    import cases

    found = {}
    for peer, functions in (("numpy", cases.NUMPY), ("numba", cases.NUMBA)):
        if name not in functions:
            continue
        if peer == "numba":
            cases.nb.set_num_threads(min(threads, cases.nb.config.NUMBA_NUM_THREADS))
        outputs = [np.zeros_like(e) for e in expected]
        functions[name](*operands, *outputs)
        for output, wanted in zip(outputs, expected):
            near(f"{peer}, {name}", output, wanted)
        # Numba's cases replace themselves by what their first call has compiled.
        found[peer] = best(functions[name], [*operands, *outputs], threads, seconds)
    return found


def serve():
    print(json.dumps(versions()), flush=True)
    for line in sys.stdin:
        question = json.loads(line)
        try:
            answer = measure(
                question["case"],
                [read(d) for d in question["operands"]],
                [np_array(read(d)) for d in question["expected"]],
                question["threads"],
                question["seconds"],
            )
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


def np_array(value):
    import numpy as np

    return np.asarray(value)


def alone():
    """A table without Brolga, over random operands."""
    found = versions()
    print(f"Python {found['python']}, NumPy {found.get('numpy')}, Numba {found.get('numba')}")
    if "numpy" not in found:
        sys.exit("NumPy is not there: pip install -r benches/peers/requirements.txt")
    import numpy as np

    import cases

    random = np.random.default_rng(1)
    n = 1_000_000
    unit, positive = random.uniform(-10, 10, n), random.uniform(0.1, 10, n)
    operands = {
        "add": [unit, positive],
        "axpy": [np.float64(1.5), unit, positive],
        "leaky_relu": [np.float64(0.1), unit],
        "clip": [unit, np.float64(-0.5), np.float64(0.5)],
        "poly8": [unit],
        "exp": [unit],
        "ln": [positive],
        "sin": [unit],
        "pow": [positive, unit / 3],
        "hypot": [unit, positive],
        "logistic": [unit],
    }
    print("| case | n | NumPy, ns per element | Numba |")
    print("|---|---|---|---|")
    for name, arrays in operands.items():
        expected = np.zeros(n)
        cases.NUMPY[name](*arrays, expected)
        times = measure(name, arrays, [expected], 1, 0.3)
        shown = [f"{times[p] * 1e9 / n:.3f}" if p in times else "-" for p in ("numpy", "numba")]
        print(f"| {name} | {n} | {shown[0]} | {shown[1]} |")


if __name__ == "__main__":
    if "--alone" in sys.argv:
        alone()
    else:
        serve()
