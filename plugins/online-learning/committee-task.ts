// A committee before any training: the teacher, and the weights that the student starts from.
import { EigenflowError, type Environment } from 'eigenflow';
import { symmetricOf, vectorOf } from './given-numbers.js';
import { orthonormalise, rootOf } from './overlapping-rows.js';
import type { CommitteeParameters } from './parameters.js';

/** Weights in the convention of the theory: fields are w . x / sqrt N. */
export interface CommitteeTask {
  /** M x N */
  readonly teacher: Float64Array;
  /** K x N */
  readonly student: Float64Array;
  /** A, M numbers. */
  readonly teacherReadOut: Float64Array;
  /** v, K numbers. */
  readonly studentReadOut: Float64Array;
}

const fail = (name: string, message: string) => new EigenflowError('parameter', `model.${name}`, message);

function readOuts(params: CommitteeParameters, { random, arena }: Environment) {
  const { students: K, teachers: M, readOut } = params;
  const drawn = (name: string, n: number) => {
    if (readOut !== 'random') return new Float64Array(n).fill(readOut === 'ones' ? 1 : 1 / n);
    const weights = arena.vector(n);
    random.child('read-out').child(name).normals(0, weights, n);
    for (let i = 0; i < n; i++) weights[i] /= Math.sqrt(n);
    return weights;
  };
  const teacherReadOut = params.teacherReadOut
    ? vectorOf('teacherReadOut', params.teacherReadOut, M)
    : drawn('teacher', M);
  if (params.studentReadOut) {
    return { teacherReadOut, studentReadOut: vectorOf('studentReadOut', params.studentReadOut, K) };
  }
  const isShared = readOut === 'random' && K === M && !params.trained.includes('V');
  return { teacherReadOut, studentReadOut: isShared ? teacherReadOut : drawn('student', K) };
}

/** Overlaps of teacher and, where they are given, student: (T, R^T; R, Q), n x n. */
function givenOverlaps(params: CommitteeParameters): { readonly overlaps: Float64Array; readonly rows: number } {
  const { students: K, teachers: M, teacherWidth, studentOverlaps, mixedOverlaps, teacherOverlaps } = params;
  const T = symmetricOf('teacherOverlaps', teacherOverlaps ?? [teacherWidth * teacherWidth], M);
  if (!studentOverlaps) return { overlaps: T, rows: M };
  const Q = symmetricOf('studentOverlaps', studentOverlaps, K);
  const R = vectorOf('mixedOverlaps', mixedOverlaps ?? [0], K * M);
  const rows = K + M;
  const overlaps = new Float64Array(rows * rows);
  for (let m = 0; m < M; m++) for (let n = 0; n < M; n++) overlaps[m * rows + n] = T[m * M + n];
  for (let i = 0; i < K; i++) {
    for (let k = 0; k < K; k++) overlaps[(M + i) * rows + M + k] = Q[i * K + k];
    for (let m = 0; m < M; m++) {
      overlaps[(M + i) * rows + m] = R[i * M + m];
      overlaps[m * rows + M + i] = R[i * M + m];
    }
  }
  return { overlaps, rows };
}

/** @throws EigenflowError `parameter` for what contradicts each other, and for numbers that no weights have */
function checkParameters(params: CommitteeParameters): void {
  const { trained, teacher, inputs, students: K, teachers: M } = params;
  for (const name of trained) {
    if (name !== 'W' && name !== 'V') throw fail('trained', `no layer called "${name}"; there are W and V`);
  }
  if (trained.length === 0) throw fail('trained', 'names no layer, so nothing would be trained; write ["W"]');
  if (new Set(trained).size < trained.length) throw fail('trained', `names a layer twice: ${trained.join(', ')}`);
  if (params.mixedOverlaps && !params.studentOverlaps) {
    throw fail('mixedOverlaps', 'needs studentOverlaps beside it: random weights have overlaps of their own');
  }
  if (teacher === 'random' && (params.studentOverlaps || params.teacherOverlaps)) {
    throw fail('teacher', 'a random teacher has overlaps of its own; take teacher or the given overlaps away');
  }
  const rows = params.studentOverlaps ? K + M : M;
  if (teacher === 'orthogonal' && rows > inputs) {
    throw fail('inputs', `is ${inputs}, but ${rows} rows with given overlaps take ${rows} inputs or more`);
  }
  if (params.readOutRate !== 1 && !trained.includes('V')) {
    throw fail('readOutRate', 'has no effect: the read-out is not trained. Leave it out, or add V to trained');
  }
}

/**
 * Teacher, first weights and read-outs come from streams of their own: changing one leaves the others as they are.
 *
 * @throws EigenflowError `parameter`
 */
export function createCommitteeTask(params: CommitteeParameters, environment: Environment): CommitteeTask {
  checkParameters(params);
  const { inputs: N, students: K, teachers: M } = params;
  const { random, arena } = environment;
  const draw = (name: string, rows: number) => {
    const weights = arena.vector(rows * N);
    random.child(name).normals(0, weights, rows * N);
    return weights;
  };
  const scaled = (weights: Float64Array, by: number) => {
    for (let i = 0; i < weights.length; i++) weights[i] *= by;
    return weights;
  };
  const outs = readOuts(params, environment);
  if (params.teacher === 'random') {
    const teacher = scaled(draw('teacher', M), params.teacherWidth);
    return { teacher, student: scaled(draw('initial', K), params.initialWidth), ...outs };
  }
  const { overlaps, rows } = givenOverlaps(params);
  const root = rootOf(overlaps, rows, params.studentOverlaps ? 'model.studentOverlaps' : 'model.teacherOverlaps');
  const basis = arena.vector(rows * N);
  basis.set(draw('teacher', M));
  if (rows > M) basis.set(draw('initial', K), M * N);
  orthonormalise(basis, rows, N);
  const weights = new Float64Array(rows * N);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j++) {
      const factor = root[i * rows + j] * Math.sqrt(N);
      for (let k = 0; k < N; k++) weights[i * N + k] += factor * basis[j * N + k];
    }
  }
  return {
    teacher: weights.slice(0, M * N),
    student: rows > M ? weights.slice(M * N) : scaled(draw('initial', K), params.initialWidth),
    ...outs,
  };
}
