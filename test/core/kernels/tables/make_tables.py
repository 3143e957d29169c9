"""Writes <function>.f64: what the accuracy tests compare with. Needs mpmath; run by hand, results are committed.

A record is three little-endian doubles: x, the correctly rounded f(x), and (f(x) - rounded) in units in the last place of
the rounded value (so that it also means something for subnormal values). Points: random ones over the whole range of
the function and over its busy part, and the neighbours of every place where the kernels change their way.

usage: python make_tables.py [points per random group, 700]
"""
import math
import random
import struct
import sys
from mpmath import mp, mpf
import mpmath

mp.prec = 1400  # sin and cos of 1e308 need the argument modulo pi/2 to full precision
GROUP = int(sys.argv[1]) if len(sys.argv) > 1 else 700
TINY = 5e-324


def neighbours(x, n=2):
    up = down = x
    out = [x]
    for _ in range(n):
        up, down = math.nextafter(up, math.inf), math.nextafter(down, -math.inf)
        out += [up, down]
    return out


def unit(x):
    """The unit in the last place of x; that of the largest numbers for an overflow."""
    return mpf(math.ulp(x)) if math.isfinite(x) else mpf(2) ** 971


def geometric(rng, low, high, n, signs=True):
    a, b = math.log(low), math.log(high)
    return [math.exp(rng.uniform(a, b)) * (rng.choice((-1, 1)) if signs else 1) for _ in range(n)]


def subnormals(rng, n):
    return [struct.unpack('<d', struct.pack('<Q', rng.getrandbits(rng.randrange(1, 53)) | 1))[0] for _ in range(n)]


def uniform(rng, low, high, n=GROUP):
    return [rng.uniform(low, high) for _ in range(n)]


def near(rng, centres):
    return [y for c in centres for y in neighbours(c)]


def points(name, rng):
    half = mpmath.log(2) / 2
    if name == 'exp':
        xs = uniform(rng, -745.2, 709.8) + uniform(rng, -1, 1) + uniform(rng, -40, 40) + uniform(rng, -745.2, -707)
        xs += geometric(rng, 1e-300, 1, GROUP)
        xs += near(rng, [float((2 * k + 1) * half) for k in range(-30, 30)])
        xs += near(rng, [709.782712893384, -708.3964185322641, -744.4400719213812, -745.1332191019411, 1e-17, -1e-17])
    elif name == 'log':
        xs = geometric(rng, 1e-307, 1e308, GROUP, False) + uniform(rng, 0.5, 2) + uniform(rng, 0.9, 1.1)
        xs += uniform(rng, 0, 1) + subnormals(rng, GROUP) + [1 + d for d in geometric(rng, 1e-15, 1e-3, GROUP)]
        xs += near(rng, [float(mpf(2) ** k * mpmath.sqrt(2)) for k in range(-20, 20)] + [1.0, 2.2250738585072014e-308])
        xs += [TINY, 1.7976931348623157e308]
    elif name in ('sin', 'cos'):
        xs = uniform(rng, -7, 7) + uniform(rng, -1e5, 1e5) + uniform(rng, -1.1e6, 1.1e6)
        xs += geometric(rng, 1e-300, 1, GROUP) + geometric(rng, 1e6, 1e308, GROUP)
        # The doubles next to multiples of pi/2 and pi/4: cancellation, and the change of the quadrant.
        xs += near(rng, [float(rng.randrange(1, 70000) * mpmath.pi / 2) for _ in range(GROUP // 5)])
        xs += near(rng, [float((2 * rng.randrange(0, 70000) + 1) * mpmath.pi / 4) for _ in range(GROUP // 5)])
        xs += near(rng, [1e6, -1e6]) + [6381956970095103 * 2.0 ** 797, 5319372648326541 * 2.0 ** -27]
    elif name == 'tanh':
        xs = uniform(rng, -1, 1) + uniform(rng, -20, 20) + uniform(rng, -4, 4) + geometric(rng, 1e-300, 1, GROUP)
        xs += subnormals(rng, 50)
        xs += near(rng, [s * float((2 * k + 1) * half / 2) for k in range(60) for s in (-1, 1)] + [20.0, -20.0, 19.1])
    else:
        xs = uniform(rng, -1, 1) + uniform(rng, -6, 6) + uniform(rng, 0.9, 1.3) + geometric(rng, 1e-300, 1, GROUP)
        xs += subnormals(rng, 50) + near(rng, [1.0, -1.0, 6.0, -6.0, 5.9, 5.8])
    return xs


def main():
    for name in ('exp', 'log', 'sin', 'cos', 'tanh', 'erf'):
        rng = random.Random(name)
        f = getattr(mpmath, name)
        out = bytearray()
        xs = points(name, rng)
        for x in xs:
            mp.prec = 1400 if name in ('sin', 'cos') and abs(x) > 1e5 else 1100 if abs(x) < 1e-200 else 240
            value = f(mpf(x))
            rounded = float(value)
            rest = float((value - mpf(rounded)) / unit(rounded)) if math.isfinite(rounded) else 0.0
            out += struct.pack('<3d', x, rounded, rest)
        with open(name + '.f64', 'wb') as file:
            file.write(out)
        print(name, len(xs))


if __name__ == '__main__':
    main()
