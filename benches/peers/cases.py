"""The cases of benches/loops for NumPy and Numba.

`NUMPY` and `NUMBA` map the name of a case to a function that takes the operands and the arrays for the
results, in this order, and fills the latter. They are written as a user of each would: NumPy's with
`out=` where that saves a temporary array, Numba's as ufuncs where the case is elementwise.
"""

import math

import numpy as np

NUMPY = {}
NUMBA = {}


def numpy(f):
    NUMPY[f.__name__] = f
    return f


# NumPy


@numpy
def add(x, y, out):
    np.add(x, y, out=out)


@numpy
def axpy(a, x, y, out):
    np.multiply(a, x, out=out)
    np.add(out, y, out=out)


@numpy
def leaky_relu(slope, x, out):
    out[:] = np.where(x < 0, slope * x, x)


@numpy
def clip(x, low, high, out):
    np.clip(x, low, high, out=out)


POLY8 = (2.48e-5, 1.98e-4, 1.39e-3, 8.33e-3, 4.17e-2, 1.67e-1, 0.5, 1.0, 1.0)


@numpy
def poly8(x, out):
    out.fill(POLY8[0])
    for c in POLY8[1:]:
        np.multiply(out, x, out=out)
        np.add(out, out.dtype.type(c), out=out)


@numpy
def exp(x, out):
    np.exp(x, out=out)


@numpy
def ln(x, out):
    np.log(x, out=out)


@numpy
def sin(x, out):
    np.sin(x, out=out)


@numpy
def pow(x, y, out):
    np.power(x, y, out=out)


@numpy
def hypot(x, y, out):
    np.hypot(x, y, out=out)


@numpy
def logistic(x, out):
    np.negative(x, out=out)
    np.exp(out, out=out)
    np.add(out, 1, out=out)
    np.divide(1, out, out=out)


def normal_cdf_numpy(d):
    k = 1 / (1 + 0.2316419 * np.abs(d))
    poly = k * (
        0.319381530
        + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429)))
    )
    tail = 0.3989422804014327 * np.exp(-0.5 * d * d) * poly
    return np.where(d > 0, 1 - tail, tail)


@numpy
def black_scholes(spot, strike, years, rate, volatility, calls, puts):
    root = np.sqrt(years)
    d1 = (np.log(spot / strike) + (rate + 0.5 * volatility * volatility) * years) / (
        volatility * root
    )
    d2 = d1 - volatility * root
    discounted = strike * np.exp(-rate * years)
    n1, n2 = normal_cdf_numpy(d1), normal_cdf_numpy(d2)
    calls[:] = spot * n1 - discounted * n2
    puts[:] = discounted * (1 - n2) - spot * (1 - n1)


@numpy
def haversine(latitude, longitude, to_latitude, to_longitude, out):
    a, b = np.radians(latitude), np.radians(to_latitude)
    s = np.sin(0.5 * (b - a))
    t = np.sin(0.5 * np.radians(to_longitude - longitude))
    h = s * s + np.cos(a) * np.cos(b) * t * t
    out[:] = 2 * 6371.0088 * np.arcsin(np.sqrt(np.minimum(h, 1)))


@numpy
def mandelbrot(re, im, out):
    c = re + 1j * im
    z = np.zeros_like(c)
    out.fill(0)
    inside = np.ones(c.shape, dtype=bool)
    for _ in range(100):
        inside &= z.real * z.real + z.imag * z.imag <= 4
        out += inside
        z = np.where(inside, z * z + c, z)


@numpy
def gcd(a, b, out):
    np.gcd(a, b, out=out)


@numpy
def softmax(x, out):
    np.subtract(x, x.max(axis=1, keepdims=True), out=out)
    np.exp(out, out=out)
    np.multiply(out, 1 / out.sum(axis=1, keepdims=True), out=out)


@numpy
def pairwise(points, out):
    difference = points[:, None, :] - points[None, :, :]
    np.sqrt((difference * difference).sum(axis=2), out=out)


@numpy
def conv1d(signal, weights, out):
    out[:] = np.convolve(signal, weights[::-1], mode="valid")


@numpy
def jacobi(old, new):
    inner = new[1:-1, 1:-1]
    np.add(old[:-2, 1:-1], old[2:, 1:-1], out=inner)
    np.add(inner, old[1:-1, :-2], out=inner)
    np.add(inner, old[1:-1, 2:], out=inner)
    np.multiply(inner, 0.25, out=inner)


@numpy
def pi(n, out):
    h = 1 / float(n)
    x = (np.arange(int(n)) + 0.5) * h
    out[()] = (4 / (1 + x * x)).sum() * h


# Numba

try:
    import numba as nb
except ImportError:
    nb = None


def numba_cases():
    """Fills `NUMBA`; the functions are compiled at their first call."""
    one = np.float32(1)  # neither widens a float32 nor narrows a float64

    def ufunc(name, f, *signatures):
        compiled = nb.vectorize(list(signatures), nopython=True)(f)

        def call(*arrays):
            compiled(*arrays[: compiled.nin], out=arrays[compiled.nin])

        NUMBA[name] = call

    def lazily(name, *signatures):
        def with_body(f):
            def first(*arrays):
                ufunc(name, f, *signatures)
                NUMBA[name](*arrays)

            NUMBA[name] = first
            return f

        return with_body

    def both(name, arity):
        return lazily(name, *(f"{t}({','.join([t] * arity)})" for t in ("f4", "f8")))

    @lazily("add", "f8(f8,f8)")
    def add(x, y):
        return x + y

    @lazily("axpy", "f8(f8,f8,f8)")
    def axpy(a, x, y):
        return a * x + y

    @lazily("leaky_relu", "f8(f8,f8)")
    def leaky_relu(slope, x):
        return slope * x if x < 0 else x

    @lazily("clip", "f8(f8,f8,f8)")
    def clip(x, low, high):
        return min(max(x, low), high)

    # The constants have the operand's type, so there is one function for each.
    def poly8_of(t):
        c0, c1, c2, c3, c4, c5, c6, c7, c8 = (t(c) for c in POLY8)

        @nb.vectorize([f"{np.dtype(t).name}({np.dtype(t).name})"], nopython=True)
        def poly8(x):
            p = c0
            p = p * x + c1
            p = p * x + c2
            p = p * x + c3
            p = p * x + c4
            p = p * x + c5
            p = p * x + c6
            p = p * x + c7
            return p * x + c8

        return poly8

    made = {}

    def poly8(x, out):
        t = x.dtype.type
        if t not in made:
            made[t] = poly8_of(t)
        made[t](x, out=out)

    NUMBA["poly8"] = poly8

    @both("exp", 1)
    def exp(x):
        return math.exp(x)

    @both("ln", 1)
    def ln(x):
        return math.log(x)

    @both("sin", 1)
    def sin(x):
        return math.sin(x)

    @both("pow", 2)
    def pow(x, y):
        return x**y

    @both("hypot", 2)
    def hypot(x, y):
        return math.hypot(x, y)

    @lazily("logistic", "f4(f4)", "f8(f8)")
    def logistic(x):
        return one / (one + math.exp(-x))

    @lazily("haversine", "f8(f8,f8,f8,f8)")
    def haversine(latitude, longitude, to_latitude, to_longitude):
        a, b = math.radians(latitude), math.radians(to_latitude)
        s = math.sin(0.5 * (b - a))
        t = math.sin(0.5 * math.radians(to_longitude - longitude))
        h = s * s + math.cos(a) * math.cos(b) * t * t
        return 2 * 6371.0088 * math.asin(math.sqrt(min(h, 1.0)))

    @lazily("mandelbrot", "i4(f8,f8)")
    def mandelbrot(re, im):
        x = y = 0.0
        for steps in range(100):
            xx, yy = x * x, y * y
            if xx + yy > 4:
                return steps
            y = 2 * x * y + im
            x = xx - yy + re
        return 100

    @lazily("collatz", "u4(u8)")
    def collatz(n):
        steps = 0
        while n > np.uint64(1):
            if n % np.uint64(2) == np.uint64(0):
                n = n // np.uint64(2)
            else:
                n = np.uint64(3) * n + np.uint64(1)
            steps += 1
        return steps

    @lazily("gcd", "u8(u8,u8)")
    def gcd(a, b):
        while b != np.uint64(0):
            a, b = b, a % b
        return a

    @nb.njit
    def normal_cdf(d):
        k = 1 / (1 + 0.2316419 * abs(d))
        poly = k * (
            0.319381530
            + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429)))
        )
        tail = 0.3989422804014327 * math.exp(-0.5 * d * d) * poly
        return 1 - tail if d > 0 else tail

    def loop(f):
        NUMBA[f.__name__] = nb.njit(f)
        return f

    @loop
    def black_scholes(spot, strike, years, rate, volatility, calls, puts):
        for i in range(spot.size):
            root = math.sqrt(years[i])
            v, r = volatility[i], rate[i]
            d1 = (math.log(spot[i] / strike[i]) + (r + 0.5 * v * v) * years[i]) / (v * root)
            d2 = d1 - v * root
            discounted = strike[i] * math.exp(-r * years[i])
            n1, n2 = normal_cdf(d1), normal_cdf(d2)
            calls[i] = spot[i] * n1 - discounted * n2
            puts[i] = discounted * (1 - n2) - spot[i] * (1 - n1)

    @loop
    def newton(x, roots, counts):
        for i in range(x.size):
            root = x[i] if x[i] > 1 else 1.0
            steps = 0
            while True:
                following = (2 * root + x[i] / (root * root)) / 3
                steps += 1
                if abs(following - root) <= 1e-14 * root or steps == 100:
                    break
                root = following
            roots[i] = following
            counts[i] = steps

    @loop
    def softmax(x, out):
        for i in range(x.shape[0]):
            highest = -np.inf
            for j in range(x.shape[1]):
                highest = max(highest, x[i, j])
            total = 0.0
            for j in range(x.shape[1]):
                e = math.exp(x[i, j] - highest)
                out[i, j] = e
                total += e
            scale = 1 / total
            for j in range(x.shape[1]):
                out[i, j] *= scale

    @loop
    def matmul(a, b, c):
        for i in range(a.shape[0]):
            for j in range(b.shape[1]):
                c[i, j] = 0
            for k in range(a.shape[1]):
                for j in range(b.shape[1]):
                    c[i, j] += a[i, k] * b[k, j]

    @loop
    def pairwise(points, out):
        n, axes = points.shape
        for i in range(n):
            for j in range(n):
                total = 0.0
                for k in range(axes):
                    d = points[i, k] - points[j, k]
                    total += d * d
                out[i, j] = math.sqrt(total)

    @loop
    def conv1d(signal, weights, out):
        for i in range(out.size):
            total = 0.0
            for k in range(weights.size):
                total += weights[k] * signal[i + k]
            out[i] = total

    @loop
    def moving_mean(x, window, out):
        total = 0.0
        count = 0.0
        width = int(window)
        for i in range(x.size):
            total += x[i]
            if i >= width:
                total -= x[i - width]
            else:
                count += 1
            out[i] = total / count

    def jacobi_body(span):
        def jacobi(old, new):
            for i in span(1, old.shape[0] - 1):
                for j in range(1, old.shape[1] - 1):
                    new[i, j] = 0.25 * (
                        old[i - 1, j] + old[i + 1, j] + old[i, j - 1] + old[i, j + 1]
                    )

        return jacobi

    def nbody_body(span):
        def nbody(x, y, z, mass, ax, ay, az):
            for i in span(x.size):
                sx = sy = sz = 0.0
                for j in range(x.size):
                    dx, dy, dz = x[j] - x[i], y[j] - y[i], z[j] - z[i]
                    square = dx * dx + dy * dy + dz * dz + 1e-9
                    pull = mass[j] / (square * math.sqrt(square))
                    sx += pull * dx
                    sy += pull * dy
                    sz += pull * dz
                ax[i], ay[i], az[i] = sx, sy, sz

        return nbody

    def pi_body(span):
        def pi(n):
            h = 1 / float(n)
            total = 0.0
            for i in span(n):
                x = (i + 0.5) * h
                total += 4 / (1 + x * x)
            return total * h

        return pi

    for name, body in (("jacobi", jacobi_body), ("nbody", nbody_body)):
        NUMBA[name] = nb.njit(body(range))
        NUMBA[name + "_parallel"] = nb.njit(parallel=True)(body(nb.prange))

    def returning(f):
        def call(n, out):
            out[()] = f(int(n))

        return call

    NUMBA["pi"] = returning(nb.njit(pi_body(range)))
    NUMBA["pi_parallel"] = returning(nb.njit(parallel=True)(pi_body(nb.prange)))


if nb is not None:
    numba_cases()
