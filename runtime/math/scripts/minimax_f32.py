"""Coefficients of the polynomials in src/f32: minimax by Remez's exchange, in mpmath.

    python3 runtime/math/scripts/minimax_f32.py [name...]

Each entry prints the coefficients, lowest power first, and the largest weighted error as a power
of two. A polynomial for `f32` lanes has its coefficients rounded one after the other, and
those of the lowest three one after the other, with the rest fitted again.
"""

import sys

from mpmath import mp, mpf, asin, atan, cos, erf, erfc, exp, expm1, log, log1p, pi, sin, sqrt, tan
from mpmath import cbrt, lu_solve, matrix, power
import numpy

mp.prec = 160


def remez(function, weight, powers, low, high):
    """Coefficients c with the least max of weight(x) * |function(x) - sum c_k x^powers_k|."""
    n = len(powers)
    grid = [(low + high) / 2 - (high - low) / 2 * mp.cos(pi * k / 400) for k in range(401)]
    values = [function(x) for x in grid]
    weights = [weight(x) for x in grid]
    rows = [[x**p for p in powers] for x in grid]
    picks = [round(k * 400 / n) for k in range(n + 1)]
    # Where the weight is next to nothing there is no extremum, and the system is singular.
    picks = [k if weights[k] > max(weights) / 1000 or k > 370 else k + 30 for k in picks]
    for _ in range(30):
        system = matrix(n + 1, n + 1)
        right = matrix(n + 1, 1)
        for row, k in enumerate(picks):
            for column in range(n):
                system[row, column] = rows[k][column]
            system[row, n] = (-1) ** row / weights[k]
            right[row] = values[k]
        solution = lu_solve(system, right)
        coefficients = [solution[k] for k in range(n)]
        errors = [
            weights[k] * (values[k] - sum(c * r for c, r in zip(coefficients, rows[k])))
            for k in range(401)
        ]
        found = [0]
        for k in range(1, 401):
            if errors[k] * errors[found[-1]] <= 0:
                found.append(k)
            elif abs(errors[k]) > abs(errors[found[-1]]):
                found[-1] = k
        while len(found) > n + 1:
            if abs(errors[found[0]]) < abs(errors[found[-1]]):
                found.pop(0)
            else:
                found.pop()
        if len(found) < n + 1 or found == picks:
            break
        picks = found
    return coefficients, max(abs(e) for e in errors)


def rounded(c):
    """The nearest `f32`."""
    return mpf(float(numpy.float32(float(c))))


def fit(name, function, weight, count, low, high, single=False, step=1):
    """Prints the fit of `function` by `count` coefficients of the powers 0, step, 2 step, ..."""
    low, high = mpf(low), mpf(high)
    # No grid point where a relative weight or a quotient has no value.
    low = low if low else mpf(2) ** -60
    powers = [step * k for k in range(count)]
    fixed = []
    coefficients, error = remez(function, weight, powers, low, high)
    if single:
        for k in range(3):
            rest, error = remez(
                lambda x: function(x) - sum(c * x**p for c, p in zip(fixed, powers)),
                weight,
                powers[k:],
                low,
                high,
            )
            fixed.append(rounded(rest[0]))
        coefficients = fixed + [rounded(c) for c in rest[1:]]
        points = [low + (high - low) * k / 1000 for k in range(1001)]
        error = max(
            abs(weight(x) * (function(x) - sum(c * x**p for c, p in zip(coefficients, powers))))
            for x in points
        )
    print(f"{name}: 2^{float(mp.log(error, 2)):.1f}")
    for c in coefficients:
        print(f"    {repr(float(c))}," if not single else f"    {numpy.float32(float(c))!s},")


HALF_LN2 = mpf("0.34658")


def quotient(function, at_zero):
    """`function`, which divides by its argument, with its value at nothing."""
    return lambda x: at_zero if abs(x) < mpf(2) ** -50 else function(x)


def root(z, f):
    """f(sqrt(z)) / sqrt(z)."""
    s = sqrt(z)
    return f(s) / s


FITS = {
    # (e^r - 1 - r) / r^2, errors relative to e^r.
    "exp": lambda: fit(
        "exp",
        quotient(lambda r: (expm1(r) - r) / r**2, mpf(1) / 2),
        lambda r: r**2 / exp(r),
        5,
        -HALF_LN2,
        HALF_LN2,
        single=True,
    ),
    # (2^r - 1) / r, errors relative to 2^r.
    "exp2": lambda: fit(
        "exp2",
        quotient(lambda r: expm1(r * log(2)) / r, log(mpf(2))),
        lambda r: r / exp(r * log(2)),
        6,
        -0.5,
        0.5,
        single=True,
    ),
    "exp2_wide": lambda: fit(
        "exp2_wide",
        lambda r: exp(r * log(mpf(2))),
        lambda r: exp(-r * log(mpf(2))),
        7,
        "-0.5001",
        "0.5001",
    ),
    "exp_wide": lambda: fit(
        "exp_wide", lambda r: exp(r), lambda r: exp(-r), 7, -HALF_LN2, HALF_LN2
    ),
    # (e^r - 1) / r, errors relative to e^r - 1.
    "expm1_wide": lambda: fit(
        "expm1_wide",
        quotient(lambda r: expm1(r) / r, mpf(1)),
        quotient(lambda r: r / expm1(r), mpf(1)),
        7,
        -HALF_LN2,
        HALF_LN2,
    ),
    # Of z = r^2: (sinh r / r - 1) / z and (cosh r - 1) / z.
    "sinh": lambda: fit(
        "sinh",
        lambda z: (root(z, mp.sinh) - 1) / z if z > mpf(2) ** -40 else mpf(1) / 6,
        lambda z: z,
        3,
        0,
        HALF_LN2**2,
    ),
    "cosh": lambda: fit(
        "cosh",
        lambda z: (mp.cosh(sqrt(z)) - 1) / z if z > mpf(2) ** -40 else mpf(1) / 2,
        lambda z: z,
        3,
        0,
        HALF_LN2**2,
    ),
    # (ln(1 + f) - f) / f^2, errors relative to ln(1 + f).
    "ln": lambda: fit(
        "ln",
        quotient(lambda f: (log1p(f) - f) / f**2, -mpf(1) / 2),
        quotient(lambda f: f**2 / log1p(f), mpf(0)),
        9,
        "-0.29290",
        "0.41422",
        single=True,
    ),
    "log2": lambda: fit(
        "log2",
        quotient(lambda f: (log1p(f) - f) / f**2 / log(2), -1 / log(mpf(2)) / 2),
        quotient(lambda f: f**2 / log1p(f) * log(2), mpf(0)),
        9,
        "-0.29290",
        "0.41422",
        single=True,
    ),
    "log10": lambda: fit(
        "log10",
        quotient(lambda f: (log1p(f) - f) / f**2 / log(10), -1 / log(mpf(10)) / 2),
        quotient(lambda f: f**2 / log1p(f) * log(10), mpf(0)),
        9,
        "-0.29290",
        "0.41422",
        single=True,
    ),
    # ln(1 + f) / f, errors relative to it.
    "ln_wide": lambda: fit(
        "ln_wide",
        quotient(lambda f: log1p(f) / f, mpf(1)),
        quotient(lambda f: f / log1p(f), mpf(1)),
        12,
        "-0.29290",
        "0.41422",
    ),
    # Of z = s^2: 2 atanh(s) / s / ln 2, errors relative to it.
    "log2_wide": lambda: fit(
        "log2_wide",
        lambda z: 2 * root(z, mp.atanh) / log(2),
        lambda z: 1 / (2 * root(z, mp.atanh) / log(2)),
        5,
        0,
        "0.029438",
    ),
    # Of z = r^2.
    "sin": lambda: fit(
        "sin", lambda z: root(z, sin), lambda z: 1 / root(z, sin), 5, 0, (pi / 4 + 0.001) ** 2
    ),
    "cos": lambda: fit(
        "cos", lambda z: cos(sqrt(z)), lambda z: 1 / cos(sqrt(z)), 5, 0, (pi / 4 + 0.001) ** 2
    ),
    "tan": lambda: fit(
        "tan", lambda z: root(z, tan), lambda z: 1 / root(z, tan), 8, 0, (pi / 4 + 0.001) ** 2
    ),
    "atan": lambda: fit(
        "atan", lambda z: root(z, atan), lambda z: 1 / root(z, atan), 12, 0, 1
    ),
    "asin": lambda: fit(
        "asin", lambda z: root(z, asin), lambda z: 1 / root(z, asin), 8, 0, "0.25"
    ),
    # m^(-1/3), errors relative to it.
    "cbrt": lambda: fit(
        "cbrt", lambda m: power(m, -mpf(1) / 3), lambda m: cbrt(m), 4, 1, 2
    ),
    # Of z = x^2: erf(x) / x below 1.
    "erf": lambda: fit(
        "erf", lambda z: root(z, erf), lambda z: 1 / root(z, erf), 8, 0, 1
    ),
    # -log2(erfc(x)), errors of erfc relative to erf.
    "erf_tail": lambda: fit(
        "erf_tail",
        lambda x: -mp.log(erfc(x), 2),
        lambda x: log(2) * erfc(x) / erf(x),
        8,
        1,
        4,
    ),
    # Of t = (x - 2) / (x + 2): erfc(x) exp(x^2), errors relative to it.
    "erfc": lambda: fit(
        "erfc",
        lambda t: (lambda x: erfc(x) * exp(x * x))(2 * (1 + t) / (1 - t)),
        lambda t: (lambda x: 1 / (erfc(x) * exp(x * x)))(2 * (1 + t) / (1 - t)),
        13,
        -1,
        "0.6695",
    ),
}

if __name__ == "__main__":
    for name in sys.argv[1:] or FITS:
        FITS[name]()
