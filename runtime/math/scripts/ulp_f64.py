"""Measures the error of a function of f64 in ulp of the exact result's binade.

Needs mpmath (1.3.0 was used). Reads what examples/values.rs prints:
    cargo run --release -p brolga-math --example values -- exp 100000 -1 1 | python3 ulp_f64.py exp
Prints the largest error, its arguments, and the arguments whose exact results are next to the middle
of two numbers. Arguments with infinite, zero or subnormal results are left out.
"""

import math
import struct
import sys
import mpmath
from mpmath import mp, mpf

mp.prec = 140

FUNCTIONS = {
    "exp": mpmath.exp, "exp2": lambda x: mpf(2) ** x, "exp_m1": mpmath.expm1,
    "ln": mpmath.log, "ln_1p": mpmath.log1p, "log2": lambda x: mpmath.log(x, 2), "log10": mpmath.log10,
    "powf": lambda x, y: x**y,
    "sinh": mpmath.sinh, "cosh": mpmath.cosh, "tanh": mpmath.tanh,
    "asinh": mpmath.asinh, "acosh": mpmath.acosh, "atanh": mpmath.atanh,
    "sin": mpmath.sin, "cos": mpmath.cos, "tan": mpmath.tan,
    "asin": mpmath.asin, "acos": mpmath.acos, "atan": mpmath.atan, "atan2": mpmath.atan2,
    "cbrt": mpmath.cbrt, "hypot": mpmath.hypot, "erf": mpmath.erf, "erfc": mpmath.erfc,
}


def number(bits):
    return struct.unpack("<d", struct.pack("<Q", int(bits, 16)))[0]


def main():
    function = FUNCTIONS[sys.argv[1]]
    worst, where, halfway, count = mpf(0), None, [], 0
    for line in sys.stdin:
        *arguments, result = map(number, line.split())
        if abs(result) < 2.3e-308 or math.isinf(result) or math.isnan(result):
            continue
        exact = function(*map(mpf, arguments))
        ulp = mpf(2) ** (mpmath.frexp(exact)[1] - 53)
        count += 1
        error = abs(result - exact) / ulp
        if error > worst:
            worst, where = error, arguments
        from_middle = abs((exact / ulp) % 1 - mpf(1) / 2)
        if len(halfway) < 4 or from_middle < halfway[-1][0]:
            halfway = sorted(halfway + [(from_middle, arguments)])[:4]
    print(f"{sys.argv[1]}: {count} results, at most {float(worst):.3f} ulp, at {where}")
    for from_middle, arguments in halfway:
        print(f"    {float(from_middle):.1e} ulp from the middle: {arguments}")


main()
