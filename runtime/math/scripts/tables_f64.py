"""Prints the constants of src/f64/tables.rs: 16-entry tables and the polynomials that go with them.

Needs mpmath (1.4.1 was used). Run: python3 tables_f64.py

The exponential's table is 2^(j/16) (P. T. P. Tang, "Table-driven implementation of the exponential
function", 1989). The logarithm's is of reciprocals with so few bits that m / c - 1 is exact
(P. T. P. Tang, "Table-driven implementation of the logarithm function", 1990; few bits and one fused
multiply-add as in S. Nagy's logarithms of ARM's optimized routines), and of ln c in two parts.
"""

import math
import struct

from mpmath import mp, mpf, log, log1p, expm1, polyval

from minimax_f64 import LN2, factorial, near, remez

mp.dps = 60
STEP = 48
ONE = 0x3FF0000000000000
START = ONE - 19 * 2 ** (STEP - 1)


def bits(x):
    return struct.unpack("<Q", struct.pack("<d", x))[0]


def number(b):
    return struct.unpack("<d", struct.pack("<Q", b))[0]


def array(name, doc, kind, values):
    print(f"/// {doc}\npub(crate) const {name}: [{kind}; {len(values)}] = [")
    for v in values:
        print(f"    {v},")
    print("];\n")


def reciprocals():
    """For each interval the reciprocal with the smallest remainders of those that are exact."""
    chosen, widest = [], mpf(0)
    for i in range(16):
        low, high = number(START + (i << STEP)), number(START + ((i + 1) << STEP))
        best = None
        for b in range(0, 9):
            for j in range(int(2**b * 0.6), int(2**b * 1.6) + 1):
                inverse = j / 2**b
                r = max(abs(low * inverse - 1), abs(high * inverse - 1))
                # The least unit of m is 2^-53 below one, and 2^-52 from there on.
                unit = (53 if low < 1 else 52) + b
                if r == 0 or unit + math.floor(math.log2(r)) + 1 > 53:
                    continue
                if best is None or r < best[0]:
                    best = (r, inverse)
        if low < 1 < high:
            best = (max(1 - low, high - 1), 1.0)
        widest = max(widest, best[0])
        chosen.append(best[1])
    return chosen, widest


def poly(name, doc, g, low, high, degree, weight):
    rounded = [float(c) for c in remez(g, low, high, degree, weight)]
    error = max(
        abs(weight(x) * (polyval([mpf(c) for c in rounded[::-1]], x) - g(x)))
        for x in (low + (high - low) * mpf(k) / 1000 for k in range(1001))
    )
    array(name, f"{doc}, to `2^{float(log(error, 2)):.1f}`.", "f64",
          [repr(c) for c in rounded])


def main():
    powers = [mpf(2) ** (mpf(j) / 16) for j in range(16)]
    array("POWERS", "`2^(j/16)`, its bits less `j 2^48`.", "f64",
          [f"f64::from_bits(0x{bits(float(p)) - (j << STEP):016x})" for j, p in enumerate(powers)])
    array("POWERS_REST", "What is missing in the powers, relative to them.", "f64",
          [repr(float((p - mpf(float(p))) / p)) for p in powers])
    inverses, widest = reciprocals()
    print(f"/// The bits of the least `m`, {number(START)}.")
    print(f"pub(crate) const START: u64 = 0x{START:016x};\n")
    array("RECIPROCALS", f"Reciprocals of numbers `c`: `m / c - 1` is exact, and at most {float(widest):.4f}.",
          "f64", [repr(v) for v in inverses])
    logs = [-log(mpf(v)) for v in inverses]
    short = [mpf(mp.nint(v * 2**41)) / 2**41 for v in logs]
    array("LOGS", "`ln c` as a multiple of `2^-41`, as `ln 2` is in its short part.", "f64",
          [repr(float(v)) for v in short])
    array("LOGS_REST", "The rest of `ln c`.", "f64", [repr(float(v - s)) for v, s in zip(logs, short)])

    half = LN2 / 32 * (1 + mpf(2) ** -10)
    poly("EXP_SHORT", "`(e^r - 1 - r) / r^2`", lambda r: near(r, lambda r: (expm1(r) - r) / r**2,
         lambda n: 1 / factorial(n), 2, mpf("0.03")), -half, half, 4, lambda r: r**2 + mpf(2) ** -16)
    poly("EXP_PRECISE", "`(e^r - 1 - r) / r^2`", lambda r: near(r, lambda r: (expm1(r) - r) / r**2,
         lambda n: 1 / factorial(n), 2, mpf("0.03")), -half, half, 5, lambda r: r**2 + mpf(2) ** -16)
    ln = lambda r: near(r, lambda r: (log1p(r) - r + r * r / 2) / r**3, lambda n: mpf((-1) ** (n + 1)) / n, 3,
                        mpf("0.01"))
    # Relative to r where c is one, and to 1/32 from there on.
    weight = lambda r: mpf(2) ** -16 + (r**2 if abs(r) < mpf(1) / 32 else abs(r) ** 3 * 24)
    poly("LN_SHORT", "`(ln(1 + r) - r + r^2/2) / r^3`", ln, -widest, widest, 7, weight)
    poly("LN_PRECISE", "`(ln(1 + r) - r + r^2/2) / r^3`", ln, -widest, widest, 8, weight)
    array("LOGS_2", "`log2 c`.", "f64", [repr(float(v / LN2)) for v in logs])
    poly("LOG2_SINGLE", "`log2(1 + r) / r`", lambda r: near(r, lambda r: log1p(r) / r / LN2,
         lambda n: mpf((-1) ** (n + 1)) / n / LN2, 1, mpf("0.01")), -widest, widest, 5, lambda r: mpf(1))
    poly("EXP2_SINGLE", "`2^r`", lambda r: mpf(2) ** r, -mpf(1) / 32, mpf(1) / 32, 3, lambda r: mpf(1))


if __name__ == "__main__":
    main()
