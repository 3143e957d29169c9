// Observer: the order parameters of a committee, and its exact generalisation error.
import { type Channels, defineObserver, observer, scalar, vector } from 'eigenflow';
import { closedForm, requireCommittee } from './field-convention.js';
import { createMeasuredOverlaps } from './measured-overlaps.js';
import { independentPlaces, orderParameterChannel } from './order-parameters.js';
import { createOnlineDynamics, sizeOf } from './theory/dynamics.js';

/** Channel of a matrix of overlaps. */
export const overlapChannel = (rows: number, cols: number, label: string, doc: string) => ({
  shape: [rows, cols],
  dims: ['unit', 'other unit'],
  unit: '1',
  label,
  doc,
});

/**
 * In the convention of the theory, in which the field of a student unit is lambda_i = w_i . x / sqrt N, that of a teacher
 * unit rho_m = w*_m . x / sqrt N, and g(x) = erf(x / sqrt 2):
 *
 *     studentOverlaps      Q_ik = w_i . w_k / N = <lambda_i lambda_k>, K x K
 *     mixedOverlaps        R_im = w_i . w*_m / N = <lambda_i rho_m>, K x M
 *     teacherOverlaps      T_mn = w*_m . w*_n / N, M x M
 *     readOut              v_i, K numbers
 *     orderParameters      the independent ones in one list: Q_ik for k <= i, R, v
 *     generalisationError  eps = 1/2 <(f - y)^2> over all inputs, without label noise: a closed form of the above, not an
 *                          average over test inputs. Absent for tanh, which has none
 *
 * The unit vectors of models that carry their scales in the weights, such as teacher-student, are translated.
 *
 * Throws EigenflowError `component` when the model is no committee.
 */
export const committeeOverlaps = defineObserver({
  name: 'committee-overlaps',
  summary: 'Order parameters Q, R, T, v of a committee and its exact generalisation error',
  params: {},
  cite: ['doi:10.1103/PhysRevLett.74.4337', 'arXiv:1906.08632'],
  create(_params, environment) {
    const { run } = environment;
    const committee = requireCommittee(run, 'committee-overlaps');
    const { students: K, teachers: M, teacherReadOut } = committee;
    const { teacherOverlaps, measure } = createMeasuredOverlaps(committee, run, environment);
    const activation = closedForm(committee);
    const state = new Float64Array(sizeOf(committee));
    const error =
      activation &&
      createOnlineDynamics({
        ...{ activation, students: K, teachers: M, teacherOverlaps, teacherReadOut, labelNoise: 0 },
        ...{ rate: 0, readOutRate: 0, decay: 0, readOutDecay: 0, batchSize: 1, inputs: committee.inputs },
      });
    const places = independentPlaces(committee);
    const channels: Channels = {
      studentOverlaps: overlapChannel(K, K, 'student overlaps', 'Q_ik, overlaps of student units'),
      mixedOverlaps: overlapChannel(K, M, 'student-teacher overlaps', 'R_im, overlaps of student and teacher units'),
      teacherOverlaps: overlapChannel(M, M, 'teacher overlaps', 'T_mn, overlaps of teacher units'),
      readOut: vector('unit', K, '1', 'v_i, weights of the student read-out', { label: 'read-out' }),
      orderParameters: orderParameterChannel(places.length),
      ...(error && {
        generalisationError: scalar('1', 'half the mean squared error over all inputs, without label noise', {
          label: 'generalisation error',
        }),
      }),
    };
    return observer({
      channels,
      observe(frame) {
        measure(state);
        for (let i = 0; i < K * K; i++) frame.studentOverlaps[i] = state[i];
        for (let i = 0; i < K * M; i++) frame.mixedOverlaps[i] = state[K * K + i];
        frame.teacherOverlaps.set(teacherOverlaps);
        for (let i = 0; i < K; i++) frame.readOut[i] = state[K * (K + M) + i];
        for (let p = 0; p < places.length; p++) frame.orderParameters[p] = state[places[p][0]];
        if (error) frame.generalisationError[0] = error.generalisationError(state);
      },
    });
  },
});
