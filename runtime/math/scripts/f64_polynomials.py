"""Prints the polynomials of src/f64/{trigonometric,inverse,root,error}.rs and the bits of 2/pi.

Each is the interpolation at the Chebyshev nodes of the interval (within a factor of about two of
the minimax polynomial), computed with 60 digits and rounded to f64 coefficient by coefficient;
printed with the largest error of the rounded polynomial, relative to the function.
Needs mpmath. Run: python3 f64_polynomials.py
"""

from mpmath import (cos, erfc, exp, factorial, floor, log, matrix, lu_solve,
                    mp, mpf, pi,
                    sqrt)

mp.dps = 60


def fit(function, low, high, count, number=float):
    """The coefficients, constant first, of the interpolation at `count` Chebyshev nodes."""
    low, high = mpf(low), mpf(high)
    nodes = [(low + high) / 2 + (high - low) / 2 * cos(pi * (2 * k + 1) / (2 * count))
             for k in range(count)]
    rows = matrix(count, count)
    for i, node in enumerate(nodes):
        for j in range(count):
            rows[i, j] = node**j
    solution = lu_solve(rows, matrix([function(node) for node in nodes]))
    return [number(c) for c in solution]


def error(function, coefficients, low, high):
    """The largest relative error on a grid of the interval."""
    worst = mpf(0)
    for k in range(1001):
        x = mpf(low) + (mpf(high) - mpf(low)) * k / 1000
        value = sum(mpf(c) * x**j for j, c in enumerate(coefficients))
        worst = max(worst, abs(value / function(x) - 1))
    return worst


def show(name, function, low, high, count):
    """Prints one polynomial as a Rust constant. (error.rs keeps the head of FAR apart.)"""
    coefficients = fit(function, low, high, count)
    worst = error(function, coefficients, low, high)
    print(f"/// Relative error 2^{float(log(worst, 2)):.1f}.")
    print(f"const {name}: [f64; {count}] = [")
    for c in coefficients:
        print(f"    {c!r},")
    print("];")


def pair(name, value):
    """Prints a number as the sum of two f64."""
    head = float(value)
    print(f"const {name}: (f64, f64) = ({head!r}, {float(value - mpf(head))!r});")


def series(term, z):
    """The sum of `term(k) * z**k`."""
    total, k = mpf(0), 0
    while True:
        step = term(k) * z**k
        total += step
        k += 1
        if k > 4 and abs(step) < mpf(10)**-55 * abs(total):
            return total


def scaled_complement(t):
    """(1 + x) exp(x^2) erfc(x), where t = (x - CENTRE) / (x + CENTRE)."""
    x = CENTRE * (1 + t) / (1 - t)
    return (1 + x) * exp(x * x) * erfc(x)


CENTRE = mpf(3.5)
# From 1/9 to 1/4 in 1/(x + 3) is from -1 to 1 in u.
MIDDLE_A = mpf(2) / (mpf(1) / 4 - mpf(1) / 9)
MIDDLE_B = 1 - MIDDLE_A / 4
QUARTER = mpf(pi / 4)**2 * mpf("1.001")

# (sin(r) - r) / r^3 and (cos(r) - 1 + r^2/2) / r^4, of z = r^2.
show("SINE", lambda z: series(lambda k: mpf(-1)**(k + 1) / factorial(2 * k + 3), z), 0, QUARTER, 6)
show("COSINE", lambda z: series(lambda k: mpf(-1)**k / factorial(2 * k + 4), z), 0, QUARTER, 6)
# (sin(r) - r + r^3/6) / r^5, of z = r^2, for the tangent.
show("FIFTH", lambda z: series(lambda k: mpf(-1)**k / factorial(2 * k + 5), z), 0, QUARTER, 6)
# (atan(t) - t) / t^3 of z = t^2, |t| <= 1/2.
show("ARCTANGENT", lambda z: series(lambda k: mpf(-1)**(k + 1) / (2 * k + 3), z), 0, 0.25, 13)
# (asin(s) - s) / s^3 of z = s^2, s <= 1/2.
show("ARCSINE", lambda z: series(lambda k: factorial(2 * k + 2) /
     (mpf(4)**(k + 1) * factorial(k + 1)**2 * (2 * k + 3)), z), 0, mpf(1) / 4, 13)
# (erf(x) / x - 2 / sqrt(pi)) / x^2 of z = x^2, x <= 1.
show("NEAR", lambda z: 2 / sqrt(pi) * series(lambda k: mpf(-1)**(k + 1) /
     (factorial(k + 1) * (2 * k + 3)), z), 0, 1, 13)
show("FAR", scaled_complement, -1, (28 - CENTRE) / (28 + CENTRE), 23)
# (exp(r) - 1 - r) / r^2.
show("EXPONENTIAL", lambda r: series(lambda k: 1 / factorial(k + 2), r), -0.3467, 0.3467, 10)

# (3 + x) exp(x^2) erfc(x), where u = MIDDLE_A / (x + 3) + MIDDLE_B, for x from 1 to 6.
show("MIDDLE", lambda u: (lambda x: (x + 3) * exp(x * x) * erfc(x))(MIDDLE_A / (u - MIDDLE_B) - 3),
     -1, 1, 16)
# (1 - e)^(-1/3).
show("INVERSE", lambda e: (1 - e)**(-mpf(1) / 3), -0.115, 0.095, 5)
# (1 - e)^(-1/2).
show("ROOT", lambda e: (1 - e)**(-mpf(1) / 2), -0.0705, 0.0675, 5)

pair("FAR_HEAD", fit(scaled_complement, -1, (28 - CENTRE) / (28 + CENTRE), 23, mpf)[0])
print(f"const MIDDLE_A: f64 = {float(MIDDLE_A)!r};")
print(f"const MIDDLE_B: f64 = {float(MIDDLE_B)!r};")
pair("QUARTER_TURN", pi / 2)
pair("EIGHTH_TURN", pi / 4)
pair("TWO_OVER_ROOT_PI", 2 / sqrt(pi))
pair("LN_2", log(2))
first = float(pi / 2)
rest = pi / 2 - mpf(first)
second = mpf(floor(rest * mpf(2)**86)) / mpf(2)**86
print(f"const TURN: [f64; 3] = [{first!r}, {float(second)!r}, {float(rest - second)!r}];")
mp.prec = 1500
bits = int(floor(2 / pi * mpf(2)**1280))
print("const TWO_OVER_PI: [u64; 20] = [")
for k in range(20):
    print(f"    0x{(bits >> (64 * (19 - k))) & (2**64 - 1):016x},")
print("];")
