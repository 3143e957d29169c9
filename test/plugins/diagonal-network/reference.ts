// Numbers of another program: gradient flow of diagonal networks integrated by LSODA (scipy 1.17, relative tolerance 1e-11),
// and the predictor of least |w|_1 by HiGHS. The data are drawn by a generator that is two lines in any language.

/** One sample x = (1, 0.4) with the target 1; ends (w_1, w_2) of the flow from alpha. */
export const PAIR: readonly {
  depth: number;
  alpha: number;
  w: readonly [number, number];
  weights: readonly number[];
}[] = [
  { depth: 2, alpha: 0.01, w: [0.99840959, 0.003976024], weights: [0.999204484, 0.063075652, 0.00010008, 0.001585398] },
  {
    depth: 2,
    alpha: 0.1,
    w: [0.975648525, 0.060878689],
    weights: [0.987801098, 0.249958438, 0.010123496, 0.040006651],
  },
  {
    depth: 2,
    alpha: 0.3,
    w: [0.922470188, 0.193824531],
    weights: [0.964970949, 0.478716557, 0.093267057, 0.188002689],
  },
  { depth: 2, alpha: 1, w: [0.864960129, 0.337599677], weights: [1.23369091, 1.087633425, 0.810575803, 0.919427425] },
  {
    depth: 2,
    alpha: 10,
    w: [0.862069275, 0.344826813],
    weights: [10.021574906, 10.008624383, 9.978471542, 9.991383049],
  },
  {
    depth: 3,
    alpha: 0.01,
    w: [0.999998332, 0.000004171],
    weights: [0.999999486, 0.016556291, 0.005025126, 0.007163324],
  },
  { depth: 3, alpha: 0.1, w: [0.99863326, 0.003416849], weights: [0.999592855, 0.156246022, 0.052632707, 0.073530293] },
  { depth: 3, alpha: 1, w: [0.868166169, 0.329584577], weights: [1.157377428, 1.057519599, 0.880299033, 0.948414729] },
  { depth: 4, alpha: 0.1, w: [0.999910881, 0.000222797], weights: [0.999984033, 0.12867124, 0.070888126, 0.084636425] },
  {
    depth: 4,
    alpha: 0.5,
    w: [0.963905669, 0.090235826],
    weights: [0.996066869, 0.597276814, 0.378178283, 0.438662534],
  },
  { depth: 4, alpha: 2, w: [0.862105186, 0.344737035], weights: [2.013603043, 2.00540806, 1.986668973, 1.994635458] },
];

/** 40 samples in 100 dimensions without noise: |w - w*| and |w|_1 at the end of the flow. */
export const SPARSE: readonly { depth: number; alpha: number; error: number; sum: number }[] = [
  { depth: 2, alpha: 10, error: 0.787223347, sum: 4.586391616 },
  { depth: 2, alpha: 1, error: 0.786942551, sum: 4.585176828 },
  { depth: 2, alpha: 0.1, error: 0.489679323, sum: 3.490287101 },
  { depth: 2, alpha: 0.01, error: 0.056839037, sum: 2.352887761 },
  { depth: 3, alpha: 1, error: 0.786600023, sum: 4.583695418 },
  { depth: 3, alpha: 0.1, error: 0.051908109, sum: 2.35905034 },
  { depth: 4, alpha: 1, error: 0.786382236, sum: 4.582753834 },
  { depth: 4, alpha: 0.3, error: 0.210420946, sum: 2.766818763 },
];

/** With noise of deviation 0.1 on the targets: the least |w|_1 of all that fit, its squared error, and the least |w|_2. */
export const NOISY = { sum: 2.6060517541, squaredError: 0.018038136, length: 0.6243798499 } as const;

/** Numerical Recipes' linear congruential generator, uniform with variance 1. */
function uniform(count: number, seed: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 32 - 0.5) * Math.sqrt(12);
  });
}

export function sparseData(noise = 0) {
  const [inputs, samples, nonzero] = [100, 40, 5];
  const x = uniform(samples * inputs, 12345);
  const truth = Float64Array.from({ length: inputs }, (_, i) => (i < nonzero ? 1 / Math.sqrt(nonzero) : 0));
  const e = uniform(samples, 777);
  const y = e.map((each, s) => truth.reduce((sum, w, i) => sum + x[s * inputs + i] * w, noise * each));
  return { inputs, samples, x, y, truth };
}

export const length = (values: ArrayLike<number>) => Math.sqrt(Array.from(values).reduce((sum, v) => sum + v * v, 0));
export const sumOf = (values: ArrayLike<number>) => Array.from(values).reduce((sum, v) => sum + Math.abs(v), 0);
export const minus = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a, (each, i) => each - b[i]);
