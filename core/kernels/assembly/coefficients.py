"""Derives the polynomial and rational coefficients of the kernels (exp.ts, log.ts, trigonometry.ts, tanh.ts, erf.ts).

Run by hand: python coefficients.py   (needs mpmath). The printed numbers are pasted into the sources, because they
change only when somebody changes an interval or a degree. Method: Remez exchange for a weighted linear basis, in 60
digits; the rational function of tanh is interpolated at Chebyshev nodes.
"""
from mpmath import mp, mpf, matrix, lu_solve, cos, sin, pi, tanh, log, exp, erf, erfc, sqrt, floor, fabs

mp.dps = 60


def chebyshev(a, b, n):
    return [(a + b) / 2 + (b - a) / 2 * cos(pi * (2 * i + 1) / (2 * n)) for i in range(n)][::-1]


def remez(f, weight, powers, a, b, rounds=12, grid=1500):
    """Coefficients c of sum c_j x^powers[j] minimising max |weight (f - sum)| on [a, b], and that maximum."""
    n = len(powers)
    nodes = chebyshev(a, b, n + 1)
    points = chebyshev(a, b, grid)
    values = [(x, f(x), weight(x)) for x in points]
    for _ in range(rounds):
        A, y = matrix(n + 1, n + 1), matrix(n + 1, 1)
        for i, x in enumerate(nodes):
            for j, p in enumerate(powers):
                A[i, j] = x ** p
            A[i, n] = (-1) ** i / weight(x)
            y[i] = f(x)
        solution = lu_solve(A, y)
        c = [solution[j] for j in range(n)]
        error = [w * (fx - sum(cj * x ** p for cj, p in zip(c, powers))) for x, fx, w in values]
        extrema, best = [], 0
        for i in range(1, len(error)):
            if (error[i] > 0) != (error[best] > 0):
                extrema.append(best)
                best = i
            elif fabs(error[i]) > fabs(error[best]):
                best = i
        extrema.append(best)
        if len(extrema) < n + 1:
            break
        while len(extrema) > n + 1:
            extrema.pop(0 if fabs(error[extrema[0]]) < fabs(error[extrema[-1]]) else -1)
        nodes = [points[i] for i in extrema]
    return c, max(fabs(e) for e in error)


def show(name, c, error):
    print(name, '   max weighted error %.2e' % float(error))
    for x in c:
        print('   ', repr(float(x)))


def bits(x, n):
    """x cut to n significant bits, so that products with small integers are exact."""
    e = int(floor(mp.log(x, 2)))
    s = mpf(2) ** (n - 1 - e)
    return floor(x * s) / s


if __name__ == '__main__':
    ln2 = log(mpf(2))
    hi = bits(ln2, 32)
    print('ln2 in two pieces', repr(float(hi)), repr(float(ln2 - hi)), ' log2(e)', repr(float(1 / ln2)))
    half = ln2 / 2
    print('ln2/2', repr(float(half)), ' 2/ln2', repr(float(1 / half)))
    rest, parts = pi / 2, []
    for _ in range(3):
        parts.append(bits(rest, 33))
        rest -= parts[-1]
    print('pi/2 in pieces', [repr(float(p)) for p in parts + [rest]], ' 2/pi', repr(float(2 / pi)))

    # tanh(y)/y = P(u)/Q(u), u = y^2, P(0) = Q(0) = 1
    top = (ln2 / 4 * mpf('1.001')) ** 2
    nodes = chebyshev(mpf(0), top, 4)
    A, y = matrix(4, 4), matrix(4, 1)
    for i, u in enumerate(nodes):
        t = tanh(sqrt(u)) / sqrt(u)
        A[i, 0], A[i, 1], A[i, 2], A[i, 3], y[i] = u, u * u, -t * u, -t * u * u, t - 1
    s = lu_solve(A, y)
    worst = mpf(0)
    for u in chebyshev(mpf(0), top, 400):
        t = tanh(sqrt(u)) / sqrt(u)
        worst = max(worst, fabs((1 + s[0] * u + s[1] * u * u) / (1 + s[2] * u + s[3] * u * u) / t - 1))
    show('tanh p1 p2 q1 q2', [s[i] for i in range(4)], worst)

    # exp(r) = 1 + r + r^2 (1/2 + r E(r))
    b = ln2 / 2 * mpf('1.0001')
    small = mpf(10) ** -20

    def exp_rest(r):
        if fabs(r) < mpf(10) ** -12:
            return mpf(1) / 6 + r / 24
        return ((exp(r) - 1 - r) / (r * r) - mpf(1) / 2) / r
    show('exp E', *remez(exp_rest, lambda r: fabs(r) ** 3 + small, list(range(9)), -b, b))

    # log((1+s)/(1-s)) = 2 s + s z L(z), z = s^2
    edge = ((sqrt(mpf(2)) - 1) / (sqrt(mpf(2)) + 1)) ** 2 * mpf('1.0001')

    def log_rest(z):
        if z < mpf(10) ** -20:
            return mpf(2) / 3 + 2 * z / 5
        q = sqrt(z)
        return (log((1 + q) / (1 - q)) / q - 2) / z
    show('log L', *remez(log_rest, lambda z: z + small, list(range(7)), mpf(0), edge))

    # sin(r) = r + r u S(u), cos(r) = 1 - u/2 + u^2 C(u), u = r^2, |r| <= pi/4
    edge = (pi / 4 * mpf('1.0001')) ** 2

    def sin_rest(u):
        if u < mpf(10) ** -20:
            return -mpf(1) / 6 + u / 120
        q = sqrt(u)
        return (sin(q) / q - 1) / u

    def cos_rest(u):
        if u < mpf(10) ** -15:
            return mpf(1) / 24 - u / 720
        return (cos(sqrt(u)) - 1 + u / 2) / (u * u)
    show('sin S', *remez(sin_rest, lambda u: u + small, list(range(6)), mpf(0), edge))
    show('cos C', *remez(cos_rest, lambda u: u * u + small, list(range(6)), mpf(0), edge))

    # sin(2 pi f) = f (2 pi + v S(v)), cos(2 pi f) = 1 + v C(v), v = f^2, |f| <= 1/8
    edge = mpf(1) / 64

    def turn_sin(v):
        if v < mpf(10) ** -20:
            return -(2 * pi) ** 3 / 6
        q = sqrt(v)
        return (sin(2 * pi * q) / q - 2 * pi) / v

    def turn_cos(v):
        if v < mpf(10) ** -20:
            return -(2 * pi) ** 2 / 2
        return (cos(2 * pi * sqrt(v)) - 1) / v
    print('2 pi', repr(float(2 * pi)))
    show('turn S', *remez(turn_sin, lambda v: v + small, list(range(6)), mpf(0), edge))
    show('turn C', *remez(turn_cos, lambda v: v + small, list(range(7)), mpf(0), edge))

    # erf(x) = x + x (e0 + u E(u)), u = x^2 <= 1, where 1 + e0 = 2 / sqrt(pi)
    two = 2 / sqrt(pi)

    def erf_rest(u):
        if u < mpf(10) ** -20:
            return -two / 3
        q = sqrt(u)
        return (erf(q) / q - two) / u
    print('erf e0', repr(float(two - 1)), ' 2/sqrt(pi)', repr(float(two)))
    show('erf E', *remez(erf_rest, lambda u: u + small, list(range(11)), mpf(0), mpf(1)))

    # erf(x) = 1 - exp(-x^2) G(t), t = (x - c) / (x + c), 1 <= x <= 6; weight: what reaches the sum
    c = mpf(2)

    def back(t):
        return c * (1 + t) / (1 - t)
    low, high = (1 - c) / (1 + c), (6 - c) / (6 + c)
    show('erf G', *remez(lambda t: exp(back(t) ** 2) * erfc(back(t)), lambda t: exp(-back(t) ** 2), list(range(12)), low, high))
