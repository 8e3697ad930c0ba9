"""Prints the minimax polynomials of src/f64/{exponential,logarithm,power,hyperbolic}.rs.

Needs mpmath (1.3.0 was used). Run: python3 minimax_f64.py [NAME]...

Each polynomial p is the Remez exchange's for the largest |weight(x) (p(x) - g(x))| over an interval,
in 60 digits, its coefficients then rounded to binary64. The error printed is that of the rounded
coefficients in exact arithmetic, in bits.
"""

import sys
from mpmath import mp, mpf, matrix, lu_solve, log, exp, expm1, atanh, cosh, sinh, sqrt, cos, pi, polyval

mp.dps = 60
LN2 = log(mpf(2))


def series(x, term, first, last):
    """sum of term(n) x^(n - first): g near zero, where its formula cancels."""
    return sum(term(n) * x ** (n - first) for n in range(first, last))


def near(x, formula, term, first, radius=mpf("0.01")):
    return formula(x) if abs(x) > radius else series(x, term, first, first + 30)


def factorial(n):
    return mp.factorial(n)


def odd_tail(z, formula, term):
    """A function of z = s^2, near z = 0 by its series."""
    return formula(sqrt(z)) if z > mpf("1e-3") else sum(term(n) * z**n for n in range(0, 30))


HALF = LN2 / 2 * (1 + mpf(2) ** -20)
LOW, HIGH = sqrt(mpf(1) / 2) - 1, sqrt(mpf(2)) - 1
ATANH_END = (HIGH / (2 + HIGH)) ** 2 * (1 + mpf(2) ** -20)

POLYNOMIALS = {
    # (e^r - 1 - r) / r^2
    "EXP": (
        lambda r: near(r, lambda r: (expm1(r) - r) / r**2, lambda n: 1 / factorial(n), 2),
        -HALF, HALF, 10, lambda r: r**2 + mpf(2) ** -8,
    ),
    # (2^r - 1 - r ln 2) / r^2
    "EXP2": (
        lambda r: near(r, lambda r: (expm1(r * LN2) - r * LN2) / r**2, lambda n: LN2**n / factorial(n), 2),
        mpf(-1) / 2, mpf(1) / 2, 10, lambda r: r**2 + mpf(2) ** -8,
    ),
    # (cosh r - 1) / r^2 and (sinh r - r) / r^3, of z = r^2
    "COSH": (
        lambda z: odd_tail(z, lambda r: (cosh(r) - 1) / r**2, lambda n: 1 / factorial(2 * n + 2)),
        mpf(0), HALF**2, 5, lambda z: z + mpf(2) ** -6,
    ),
    "SINH": (
        lambda z: odd_tail(z, lambda r: (sinh(r) - r) / r**3, lambda n: 1 / factorial(2 * n + 3)),
        mpf(0), HALF**2, 5, lambda z: z + mpf(2) ** -6,
    ),
    # (ln(1 + f) - f + f^2 / 2) / f^3
    "LN": (
        lambda f: near(f, lambda f: (mp.log1p(f) - f + f * f / 2) / f**3, lambda n: mpf((-1) ** (n + 1)) / n, 3),
        LOW, HIGH, 18, lambda f: f**2 + mpf(2) ** -8,
    ),
    # (atanh(s) / s - 1 - s^2 / 3) / s^4, of z = s^2
    "ATANH": (
        lambda z: odd_tail(z, lambda s: (atanh(s) / s - 1 - s * s / 3) / s**4, lambda n: mpf(1) / (2 * n + 5)),
        mpf(0), ATANH_END, 8, lambda z: z**2 + mpf(2) ** -14,
    ),
}


def remez(g, low, high, degree, weight):
    n = degree + 2
    points = [(low + high) / 2 + (high - low) / 2 * cos(pi * (2 * k + 1) / (2 * n)) for k in range(n)][::-1]
    for _ in range(12):
        a = matrix(n, n)
        b = matrix(n, 1)
        for row, x in enumerate(points):
            for column in range(degree + 1):
                a[row, column] = x**column
            a[row, degree + 1] = (-1) ** row / weight(x)
            b[row] = g(x)
        solution = lu_solve(a, b)
        coefficients = [solution[k] for k in range(degree + 1)]
        grid = [(low + high) / 2 - (high - low) / 2 * cos(pi * k / (40 * n)) for k in range(40 * n + 1)]
        errors = [weight(x) * (polyval(coefficients[::-1], x) - g(x)) for x in grid]
        # The largest error of each run of one sign is a point of the next exchange.
        runs = []
        for x, e in zip(grid, errors):
            if runs and (runs[-1][1] > 0) == (e > 0):
                if abs(e) > abs(runs[-1][1]):
                    runs[-1] = (x, e)
            else:
                runs.append((x, e))
        while len(runs) > n:
            runs.pop(0 if abs(runs[0][1]) < abs(runs[-1][1]) else -1)
        if len(runs) < n:
            break
        points = [x for x, _ in runs]
        if max(abs(e) for _, e in runs) < min(abs(e) for _, e in runs) * mpf("1.001"):
            break
    return coefficients


def main():
    for name, (g, low, high, degree, weight) in POLYNOMIALS.items():
        if len(sys.argv) > 1 and name not in sys.argv[1:]:
            continue
        rounded = [float(c) for c in remez(g, low, high, degree, weight)]
        error = max(
            abs(weight(x) * (polyval([mpf(c) for c in rounded[::-1]], x) - g(x)))
            for x in (low + (high - low) * mpf(k) / 1000 for k in range(1001))
        )
        print(f"// {name}: degree {degree}, error 2^{float(log(error, 2)):.1f}")
        print(f"const {name}: [f64; {degree + 1}] = [")
        for c in rounded:
            print(f"    {c!r},")
        print("];")


if __name__ == "__main__":
    main()
