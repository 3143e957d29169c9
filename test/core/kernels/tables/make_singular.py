"""Writes singular.json: matrices (as doubles) and their singular values from 120-digit arithmetic. Needs mpmath."""
import json
import random
from mpmath import mp, mpf
import mpmath

mp.dps = 120


def values(rows):
    matrix = mpmath.matrix([[mpf(x) for x in row] for row in rows])
    return [float(s) for s in mpmath.svd_r(matrix, compute_uv=False)]


def case(name, rows, relative):
    """relative: the error that the kernel is allowed, of every value ('each') or in units of the largest ('largest')."""
    return {'name': name, 'rows': len(rows), 'cols': len(rows[0]), 'matrix': [x for r in rows for x in r],
            'values': values(rows), 'accurate': relative}


def main():
    rng = random.Random('singular values')

    def body(n, m):
        return [[rng.gauss(0, 1) for _ in range(m)] for _ in range(n)]
    b = body(8, 12)
    graded_rows = [[x * 10.0 ** (-12 * i / 7) for x in row] for i, row in enumerate(b)]
    b = body(12, 8)
    graded_cols = [[x * 10.0 ** (-12 * j / 7) for j, x in enumerate(row)] for row in b]
    b = body(6, 6)
    far = [[x * 10.0 ** (-20 * i) for x in row] for i, row in enumerate(b)]
    b = body(7, 5)
    shuffled = [[x * 10.0 ** (3 * ((2 * j) % 5) - 9) for j, x in enumerate(row)] for row in b]
    hilbert = [[1.0 / (i + j + 1) for j in range(10)] for i in range(10)]
    triangle = [[1.0 if i == j else (-1.0 if j > i else 0.0) for j in range(12)] for i in range(12)]
    low = [[float((i + 1) * (j + 1) % 7) + float(i - j) for j in range(9)] for i in range(5)]
    b = body(6, 9)
    rank = b[:3] + [[2 * x - y for x, y in zip(b[0], b[1])], [x + y + z for x, y, z in zip(*b[:3])], b[2]]
    cases = [
        case('rows graded over 12 decades', graded_rows, 'each'),
        case('columns graded over 12 decades', graded_cols, 'each'),
        case('rows graded over 100 decades', far, 'each'),
        case('columns graded in mixed order', shuffled, 'each'),
        case('Hilbert 10 x 10', hilbert, 'largest'),
        case('ill-conditioned triangle', triangle, 'largest'),
        case('small integers, 5 x 9', low, 'largest'),
        case('rank 3 of 6', rank, 'largest'),
    ]
    with open('singular.json', 'w') as file:
        json.dump(cases, file)
    for c in cases:
        print(c['name'], ['%.3g' % v for v in c['values']])


if __name__ == '__main__':
    main()
