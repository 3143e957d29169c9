/**
 * The numerical kernels: WebAssembly compiled from ./assembly, called on views of one memory.
 *
 * Shapes are row-major. `n` counts elements of a vector, or samples (rows) where there is a shape; nothing is checked
 * per call, so an index out of range reads or writes other numbers of the same memory. Every view must lie on the
 * memory given to `createKernels` and outlive no growth of it, because growing detaches views. No call allocates.
 * A number that a kernel computes is written to `slot[0]`: a double returned by a call that is not inlined is boxed.
 *
 * The strict build uses fixed-width SIMD only, so every result is the same bits on every machine, NaN payloads apart.
 * Sums have an order that depends on the shape alone. The relaxed build may fuse multiplications with additions.
 */

export { addressOf, rememberAddress } from './address.js';

export type Vector = Float64Array;

/**
 * Activations by number, as the kernels know them. erf is erf(z) itself, without the scaling of the normal law; gelu is
 * z Phi(z) with Phi the normal law, not its approximation by tanh; sigmoid 1 / (1 + exp(-z)); softplus log(1 + exp(z));
 * sine sin(z).
 */
export const activationCode = {
  tanh: 0,
  relu: 1,
  identity: 2,
  erf: 3,
  gelu: 4,
  sigmoid: 5,
  softplus: 6,
  sine: 7,
} as const;
export type ActivationName = keyof typeof activationCode;
export type ActivationCode = (typeof activationCode)[ActivationName];

/** Losses of one output and its target by number, as the kernels know them. */
export const outputLossCode = { meanSquare: 0, huber: 1, logistic: 2, hinge: 3, squaredHinge: 4 } as const;
export type OutputLossCode = (typeof outputLossCode)[keyof typeof outputLossCode];

export type KernelBuildName = 'strict' | 'relaxed';

export interface KernelBuild {
  readonly name: KernelBuildName;
  /** First 16 hexadecimal digits of the sha256 of the WebAssembly bytes; empty when the build was not made. */
  readonly hash: string;
  /** True when the bits of results are the same on every machine. */
  readonly portable: boolean;
}

export interface Kernels {
  readonly build: KernelBuild;

  /** out = f(z), element by element; out may be z. tanh is within 4 ulp, erf, sigmoid and sine within 3, softplus
   *  within 4; gelu to 1e-15 (1 + |z|), not relative to itself, far below 0; relu keeps NaN. */
  activate(kind: ActivationCode, z: Vector, n: number, out: Vector): void;
  /** out = upstream f'(z), with value = f(z): 1 - value^2 for tanh; relu' (0) = 0; 2/sqrt(pi) exp(-z^2) for erf;
   *  of gelu to 1e-15, of sigmoid, softplus and sine within 5 ulp. out may be any of the inputs. z is not read for tanh and
   *  identity, value only for tanh. */
  activationGradient(kind: ActivationCode, z: Vector, value: Vector, n: number, upstream: Vector, out: Vector): void;
  /** out += upstream f''(z) change, with value = f(z): f'' of tanh is -2 f f', of erf -2 z f', of relu and identity 0; of
   *  gelu, sigmoid, softplus and sine to 1e-15. z is not read for tanh, value only for tanh. */
  activationCurvature(
    kind: ActivationCode,
    z: Vector,
    value: Vector,
    n: number,
    upstream: Vector,
    change: Vector,
    out: Vector,
  ): void;

  /** out[s][k] = sum_l weights[k][l] x[index[s]][l]. weights: rows x cols; x: any x cols; out: n x rows. Without index,
   *  samples are rows 0 .. n - 1 of x. out may not overlap the inputs. */
  dense(weights: Vector, rows: number, cols: number, x: Vector, index: Int32Array | null, n: number, out: Vector): void;
  /** out[s][l] = sum_k upstream[s][k] weights[k][l]. weights: rows x cols; upstream: n x rows; out: n x cols. */
  denseTransposed(weights: Vector, rows: number, cols: number, upstream: Vector, n: number, out: Vector): void;
  /** gradient[k][l] = sum_s upstream[s][k] x[index[s]][l], overwritten. upstream: n x rows; gradient: rows x cols. */
  outer(
    upstream: Vector,
    rows: number,
    x: Vector,
    cols: number,
    index: Int32Array | null,
    n: number,
    gradient: Vector,
  ): void;
  /**
   * theta -= rate gradient, gradient being that of `outer`: the same bits as `outer` followed by `sgdStep` without
   * weight decay. theta: rows x cols; scratch: rows x cols, overwritten with something or left alone. theta may not
   * overlap the other vectors. Four samples need no gradient in memory and are the fastest.
   */
  outerDescend(
    upstream: Vector,
    rows: number,
    x: Vector,
    cols: number,
    index: Int32Array | null,
    n: number,
    theta: Vector,
    rate: number,
    scratch: Vector,
  ): void;
  /** out[s] += alpha row for each of n rows. row: cols; out: n x cols. */
  addRow(alpha: number, row: Vector, cols: number, n: number, out: Vector): void;
  /** Copies rows index[0 .. n-1] of x (any x cols) below one another into out (n x cols). */
  gather(x: Vector, cols: number, index: Int32Array, n: number, out: Vector): void;

  /** value[0] = 1/n sum_s 1/2 |out_s - target_s|^2, a plain mean; dOut_s = weights[s] (out_s - target_s). out, target and
   *  dOut: n x width; weights: n. dOut may be out or target. */
  halfMeanSquare(
    out: Vector,
    target: Vector,
    weights: Vector,
    n: number,
    width: number,
    dOut: Vector,
    value: Vector,
  ): void;

  /**
   * Softmax and cross-entropy in one: value[0] = 1/n sum_s [S lse(out_s) - t_s . out_s] with t = (1 - smoothing) target
   * + smoothing / width, S = sum t, lse(o) = log sum exp(o); dOut_s = weights[s] (S softmax(out_s) - t_s). Finite for
   * finite outputs as long as their differences are. Value and gradient within 1e-15 S (1 + |value|); for one target of
   * 1 that is the largest output, relative to themselves. out, target and dOut: n x width; weights: n. dOut may be out,
   * not target.
   */
  crossEntropy(
    smoothing: number,
    out: Vector,
    target: Vector,
    weights: Vector,
    n: number,
    width: number,
    dOut: Vector,
    value: Vector,
  ): void;
  /** dOutChange_s = weights[s] S (p u - p (p . u)), p = softmax(out_s) and u = change_s: what becomes of the gradient of
   *  `crossEntropy`. n x width each. dOutChange may be none of the inputs. */
  crossEntropyCurvature(
    smoothing: number,
    out: Vector,
    target: Vector,
    weights: Vector,
    n: number,
    width: number,
    change: Vector,
    dOutChange: Vector,
  ): void;
  /**
   * Losses of one output o and its target t, averaged over outputs: value[0] = 1/n sum_s 1/width sum_o f(o, t), dOut =
   * weights[s] f' / width. With e = o - t, d the parameter, y = 1 for t > 0 and else -1: meanSquare e^2; huber e^2/2
   * for |e| < d, else d (|e| - d/2); logistic max(o, 0) - o t + log(1 + exp(-|o|)), a target below 0 counting as 0;
   * hinge max(0, 1 - y o), its slope 0 at y o = 1; squaredHinge its square. Logistic within 4 ulp of the value for
   * targets 0 and 1. Shapes as in `crossEntropy`; dOut may be out or target.
   */
  outputLoss(
    kind: OutputLossCode,
    parameter: number,
    out: Vector,
    target: Vector,
    weights: Vector,
    n: number,
    width: number,
    dOut: Vector,
    value: Vector,
  ): void;
  /** dOutChange = weights[s] f'' change / width, f as in `outputLoss`: 0 for hinge, for huber where |e| >= d, for
   *  squaredHinge where y o >= 1. n x width each; dOutChange may be any of them. */
  outputLossCurvature(
    kind: OutputLossCode,
    parameter: number,
    out: Vector,
    target: Vector,
    weights: Vector,
    n: number,
    width: number,
    change: Vector,
    dOutChange: Vector,
  ): void;

  /** theta -= learningRate (gradient + weightDecay theta). */
  sgdStep(theta: Vector, gradient: Vector, n: number, learningRate: number, weightDecay: number): void;
  /** velocity = momentum velocity + gradient + weightDecay theta; theta -= learningRate velocity. */
  momentumStep(
    theta: Vector,
    gradient: Vector,
    velocity: Vector,
    n: number,
    learningRate: number,
    momentum: number,
    weightDecay: number,
  ): void;
  /** g = gradient + weightDecay theta; velocity = momentum velocity + g; theta -= learningRate (g + momentum velocity). */
  nesterovStep(
    theta: Vector,
    gradient: Vector,
    velocity: Vector,
    n: number,
    learningRate: number,
    momentum: number,
    weightDecay: number,
  ): void;

  /**
   * Adam and its kin, in PyTorch's convention: g = gradient + l2 theta; theta *= 1 - rate decoupled; mean += (1 - beta1)
   * (g - mean); square = beta2 square + (1 - beta2) g^2; theta -= rate mean / first / (sqrt(square / second) + epsilon).
   * first and second are the bias corrections 1 - beta1^t and 1 - beta2^t. With `largest`, it becomes the larger of itself
   * and square, and takes the place of square in the update; NaN stays NaN.
   */
  adamStep(
    theta: Vector,
    gradient: Vector,
    mean: Vector,
    square: Vector,
    largest: Vector | null,
    n: number,
    rate: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    first: number,
    second: number,
    l2: number,
    decoupled: number,
  ): void;
  /**
   * RMSprop: g = gradient + weightDecay theta; square = smoothing square + (1 - smoothing) g^2; r = sqrt(square) + epsilon.
   * With `mean`, which averages g in the same way, r = sqrt(max(0, square - mean^2)) + epsilon. theta -= rate g / r; with
   * `velocity`, velocity = momentum velocity + g / r and theta -= rate velocity.
   */
  rmspropStep(
    theta: Vector,
    gradient: Vector,
    square: Vector,
    mean: Vector | null,
    velocity: Vector | null,
    n: number,
    rate: number,
    smoothing: number,
    momentum: number,
    epsilon: number,
    weightDecay: number,
  ): void;
  /** g = gradient + weightDecay theta; sum += g^2; theta -= rate / slowing g / (sqrt(sum + start) + epsilon). */
  adagradStep(
    theta: Vector,
    gradient: Vector,
    sum: Vector,
    n: number,
    rate: number,
    slowing: number,
    start: number,
    epsilon: number,
    weightDecay: number,
  ): void;
  /**
   * theta *= 1 - rate decoupled; theta -= rate sign(c), with c = beta1 mean + (1 - beta1) gradient; then mean = beta2 mean
   * + (1 - beta2) gradient. Without `mean`, c is the gradient. The sign of 0 is 0, that of NaN is NaN.
   */
  signStep(
    theta: Vector,
    gradient: Vector,
    mean: Vector | null,
    n: number,
    rate: number,
    beta1: number,
    beta2: number,
    decoupled: number,
  ): void;
  /** out = x min(1, limit / (|x| + 1e-6)), |x| the Euclidean norm: as PyTorch's clip_grad_norm_. out may be x. NaN and
   *  Infinity in x make NaN of themselves; NaN of all of out. */
  clipNorm(x: Vector, n: number, limit: number, out: Vector): void;
  /** out = x / max(|x|, floor), |x| the Euclidean norm. out may be x. */
  normalise(x: Vector, n: number, floor: number, out: Vector): void;
  /** out = theta + radius gradient / (|gradient| + 1e-12), |gradient| the Euclidean norm. out may be theta. */
  ascend(theta: Vector, gradient: Vector, n: number, radius: number, out: Vector): void;

  /** exp(x), within 2 ulp, gradual underflow included. out may be x, here and in the five that follow. */
  exp(x: Vector, n: number, out: Vector): void;
  /** Natural logarithm, within 2 ulp; -Infinity at either zero, NaN below. */
  log(x: Vector, n: number, out: Vector): void;
  /** sin(x), within 2 ulp for every finite x; slower for |x| > 1e6. NaN for Infinity. */
  sin(x: Vector, n: number, out: Vector): void;
  /** cos(x), within 2 ulp for every finite x; slower for |x| > 1e6. NaN for Infinity. */
  cos(x: Vector, n: number, out: Vector): void;
  /** tanh(x), within 4 ulp. */
  tanh(x: Vector, n: number, out: Vector): void;
  /** erf(x), within 2 ulp. */
  erf(x: Vector, n: number, out: Vector): void;

  /** slot[0] = sum x^2. */
  sumSquares(x: Vector, n: number, slot: Vector): void;
  /** slot[0] = sum a b. */
  dot(a: Vector, b: Vector, n: number, slot: Vector): void;
  /** y += alpha x. */
  axpy(alpha: number, x: Vector, n: number, y: Vector): void;
  /** x *= alpha. */
  scale(alpha: number, x: Vector, n: number): void;
  /** out = x; the two may overlap. */
  copy(x: Vector, n: number, out: Vector): void;

  /** One block of Philox4x32-10: counter (4 words), key (2 words), out (4 words), each a view on the memory. Source:
   *  Salmon, Moraes, Dror, Shaw 2011, Parallel random numbers: as easy as 1, 2, 3. */
  philox(counter: Uint32Array, key: Uint32Array, out: Uint32Array): void;
  /**
   * n numbers in (0, 1). Element i depends only on the key, the three counters and i: block floor(i / 2) (the fourth word
   * of the counter) gives words w0 .. w3; even i take the 64 bits w0 + 2^32 w1, odd i w2 + 2^32 w3; the upper 52 bits m
   * give (m + 1/2) / 2^52 exactly. Keys and counters are taken modulo 2^32; n < 2^31.
   */
  uniforms(
    key0: number,
    key1: number,
    counter0: number,
    counter1: number,
    counter2: number,
    n: number,
    out: Vector,
  ): void;
  /** n standard normal numbers. Elements 2b and 2b + 1 are sqrt(-2 log u) cos(2 pi v) and sqrt(-2 log u) sin(2 pi v), u and
   *  v being the uniforms 2b and 2b + 1 of the same key and counters. Source: Box and Muller 1958. |value| < 8.6. */
  normals(
    key0: number,
    key1: number,
    counter0: number,
    counter1: number,
    counter2: number,
    n: number,
    out: Vector,
  ): void;
  /** n integers in 0 .. bound - 1, 0 < bound < 2^31: floor(bits bound / 2^64), bits as in `uniforms`. The probabilities
   *  differ from 1 / bound by less than 2^-64. */
  integers(
    bound: number,
    key0: number,
    key1: number,
    counter0: number,
    counter1: number,
    counter2: number,
    n: number,
    out: Int32Array,
  ): void;

  /**
   * Singular values of a rows x cols matrix, descending, into out[0 .. min(rows, cols) - 1]; returns the number of Jacobi
   * sweeps. Values of graded matrices keep their relative accuracy down to 1e-150 of the largest. With NaN or Infinity
   * in the matrix the values are NaN and the result -1; -1 also when 42 sweeps were not enough. work holds
   * `singularValuesWork(rows, cols)` numbers and may not overlap matrix. Source: Drmac and Veselic 2008.
   */
  singularValues(matrix: Vector, rows: number, cols: number, work: Vector, out: Vector): number;
  /**
   * Eigenvalues of a symmetric n x n matrix (its upper triangle), ascending, into values (n); row i of vectors (n x n) is the
   * unit eigenvector of values[i], its sign arbitrary but fixed. Returns the largest number of QL iterations that a
   * value needed, or -1 when one needed more than 60, or when the matrix holds NaN or Infinity, which fills both
   * outputs with NaN. work holds `symmetricEigenWork(n)` numbers. Source: Bowdler, Martin, Reinsch, Wilkinson 1968.
   */
  symmetricEigen(matrix: Vector, n: number, work: Vector, values: Vector, vectors: Vector): number;
  /**
   * Eigenvalues alone of a symmetric n x n matrix (its upper triangle), ascending, into values (n); errors are a few ulp
   * of the largest. Fastest when the matrix is nearly diagonal, its diagonal in any order. Returns the number of
   * iterations, or -1 when they were not enough, or when the matrix holds NaN or Infinity, which fills values with NaN.
   * work holds `symmetricEigenvaluesWork(n)` numbers. Source: Parlett 1980, The symmetric eigenvalue problem; the
   * combination with Laguerre's method is derived.
   */
  symmetricEigenvalues(matrix: Vector, n: number, work: Vector, values: Vector): number;

  /** Calls `work` with every kernel idle, and @returns what it called, in order. Kernels that return a number return 0. */
  record(work: () => void): readonly KernelCall[];
  /**
   * Makes the calls on a tape again and again, once for each step; `createTape` in ./tape.ts says what a tape is.
   *
   * @param patches addresses on the tape that move from step to step
   * @param reads doubles on the tape that are read anew for every step
   * @param value slot that the calls write the loss of a step to
   * @param limit playing ends after a step whose value is not below it
   * @param sum slot to which the value of every step is added
   * @returns the number of steps made
   */
  play(
    tape: Vector,
    calls: number,
    patches: Int32Array,
    reads: Int32Array,
    steps: number,
    value: Vector,
    limit: number,
    sum: Vector,
  ): number;
}

/** A call of a kernel by its name in the module, addresses in place of views. */
export interface KernelCall {
  readonly name: string;
  readonly numbers: readonly number[];
}

/** Numbers of work space for `singularValues`. */
export function singularValuesWork(rows: number, cols: number): number {
  const short = Math.min(rows, cols);
  return rows * cols + short * (short + 1) + short + Math.max(rows, cols) + 4;
}

/** Numbers of work space for `symmetricEigen`. */
export function symmetricEigenWork(n: number): number {
  return n * n + 3 * n;
}

/** Numbers of work space for `symmetricEigenvalues`. */
export function symmetricEigenvaluesWork(n: number): number {
  return n * n + 9 * n + 8;
}
