// Observer: what the exact theory of one-pass learning says of this very run, beside what the run does.
import {
  type Descent,
  defineObserver,
  EigenflowError,
  type Loss,
  number,
  observer,
  power,
  scalar,
  vector,
} from 'eigenflow';
import { descentGain, requireDescent } from 'eigenflow/theory';
import { overlapChannel } from './committee-overlaps.js';
import { fieldFactor, requireClosedForm, requireCommittee } from './field-convention.js';
import { createMeasuredOverlaps } from './measured-overlaps.js';
import { criticalRate } from './theory/critical-rate.js';
import { createOnlineDynamics, type OnlineSetting } from './theory/dynamics.js';
import { createGridTrajectory } from './theory/trajectory.js';

const NAME = 'online-theory';

/** @throws EigenflowError `component` unless the gradient of the loss is output - target, at two places */
function checkLoss(loss: Loss, vectorOf: (length: number) => Float64Array): void {
  const pass = loss.open(2, 1);
  const [out, target, weights, dOut] = [0, 1, 2, 3].map(() => vectorOf(2));
  const value = vectorOf(1);
  out.set([2, -0.5]);
  target.set([0.5, 1.5]);
  weights.fill(0.5);
  pass.valueAndGradient(out, target, weights, 2, dOut, value);
  if (dOut[0] === 0.75 && dOut[1] === -1) return;
  throw new EigenflowError(
    'component',
    'observers',
    `${NAME} holds for the loss 1/2 (output - target)^2, and the gradient of this one is another; use half-mean-square`,
  );
}

/**
 * Steps whose gradients have been carried out, of n: with momentum m the heavy ball carries out a part 1 - m^k of a gradient in k
 * steps, Nesterov's form 1 - m^(k + 1). Derived; m / (1 - m) steps fewer than n after a while, an O(1/N) shift of alpha.
 */
function deliveredSteps(n: number, { momentum, nesterov }: Pick<Descent, 'momentum' | 'nesterov'>): number {
  const first = nesterov ? momentum * momentum : momentum;
  return n - (first * (1 - power(momentum, n))) / (1 - momentum);
}

/** Whether all read-outs are 1 and the teacher's units orthogonal and of length 1, up to rounding. */
function isNormalised(setting: OnlineSetting, readOut: Float64Array): boolean {
  const { students, teachers, teacherOverlaps, teacherReadOut } = setting;
  const near = (value: number, expected: number) => Math.abs(value - expected) < 1e-6;
  return (
    students === teachers &&
    teacherOverlaps.every((T, i) => near(T, Number(i % (teachers + 1) === 0))) &&
    [...teacherReadOut, ...readOut].every((v) => near(v, 1))
  );
}

/**
 * The equations of motion of `theory/dynamics.ts`, started at the run's own Q, R, T, v at step 0 and followed to the alpha
 * = steps / N of each frame, with the learning rate, momentum, weight decay and batch size of the run. Steps of the
 * integrator lie on a grid from the start on, so that no frame depends on others. With d = measured - theory:
 *
 *     generalisationErrors  of the run and of the theory, two numbers
 *     generalisationError, studentOverlaps, mixedOverlaps, readOut                 of the theory
 *     errorDifference, studentDifference, mixedDifference, readOutDifference       d
 *     rmsDifference         root mean square of d over the K (K + 1)/2 + K M independent overlaps
 *     scaledDifference      sqrt(N) rmsDifference, of order 1 at all N
 *     rateOverCritical      eta over the rate at which the perfect solution loses its stability; NaN unless K = M, T = 1,
 *                           v = A = 1 with the first layer alone trained, for erf and relu
 *     alpha                 steps / N
 *
 * The theory holds for many inputs at fixed alpha and batch size: single runs scatter about it by O(N^{-1/2}), their means
 * are off by O(1/N); the part of order B/N of large batches is taken along. Momentum is 1/(1 - momentum) in the rate, and a lag:
 * the theory is taken at the steps that have been delivered (`deliveredSteps`). At a plateau the scatter decides when a run
 * leaves it.
 *
 * The theory is NaN from the first frame at which the run has changed its rate (a schedule), its momentum or its decay.
 *
 * Throws EigenflowError `component` when the model is no committee or its activation has no closed forms (tanh), when
 * steps are not those of plain descent with or without momentum, when the loss is not `half-mean-square`, or when the noise
 * has no temperature.
 */
export const onlineTheory = defineObserver({
  name: NAME,
  summary: 'Exact theory of one-pass learning beside the run: order parameters and generalisation error',
  params: {
    step: number({
      doc: 'longest step of the integrator (Runge-Kutta, fourth order); 0.02 is exact to 1e-10 for eta up to 1',
      unit: 'steps / inputs',
      default: 0.02,
      above: 0,
    }),
  },
  cite: [
    'doi:10.1103/PhysRevLett.74.4337',
    'doi:10.1103/PhysRevE.52.4225',
    'doi:10.1088/0305-4470/28/3/018',
    'arXiv:1906.08632',
  ],
  create(params, environment) {
    const { run, arena } = environment;
    const committee = requireCommittee(run, NAME);
    const activation = requireClosedForm(committee, NAME);
    const descent: Descent = requireDescent(run.descent, NAME);
    checkLoss(run.loss, (length) => arena.vector(length));
    const stepSize = run.nextStepSize;
    const batchSize = Math.round(stepSize / run.temperature);
    if (!(batchSize >= 1)) {
      throw new EigenflowError('component', 'observers', `${NAME} needs noise with a batch size, such as minibatch`);
    }

    const { inputs: N, students: K, teachers: M, firstLayer, readOut } = committee;
    const { teacherOverlaps, measure } = createMeasuredOverlaps(committee, run, environment);
    const gain = descentGain(descent);
    const { momentum, nesterov, weightDecay } = descent;
    const square = fieldFactor(committee);
    const decay = N * stepSize * weightDecay * gain;
    const setting: OnlineSetting = {
      activation,
      students: K,
      teachers: M,
      teacherOverlaps: Float64Array.from(teacherOverlaps),
      teacherReadOut: committee.teacherReadOut,
      labelNoise: committee.labelNoise,
      rate: firstLayer.block ? N * square * firstLayer.scale * firstLayer.scale * stepSize * gain : 0,
      readOutRate: readOut.block ? N * readOut.scale * readOut.scale * stepSize * gain : 0,
      decay: firstLayer.block ? decay : 0,
      readOutDecay: readOut.block ? decay : 0,
      batchSize,
      inputs: N,
    };
    const { size, derivative, generalisationError } = createOnlineDynamics(setting);
    const measured = new Float64Array(size);
    const predicted = new Float64Array(size);
    measure(measured);
    const trajectory = createGridTrajectory(derivative, measured, params.step);
    const readOutAt = K * (K + M);
    const isKnown = activation !== 'identity' && !readOut.block && isNormalised(setting, measured.subarray(readOutAt));
    const rateOverCritical = isKnown ? setting.rate / criticalRate(activation, K, batchSize) : Number.NaN;

    const hasChanged = () => {
      const { step, time } = run.clock;
      return (
        Math.abs(time - step * stepSize) > 1e-9 * time ||
        run.descent?.momentum !== momentum ||
        run.descent.weightDecay !== weightDecay
      );
    };

    return observer({
      channels: {
        generalisationErrors: vector('curve', 2, '1', 'generalisation error of the run, and of the theory', {
          label: 'generalisation error',
        }),
        generalisationError: scalar('1', 'generalisation error of the theory', { label: 'generalisation error' }),
        studentOverlaps: overlapChannel(K, K, 'student overlaps', 'Q_ik of the theory'),
        mixedOverlaps: overlapChannel(K, M, 'student-teacher overlaps', 'R_im of the theory'),
        readOut: vector('unit', K, '1', 'v_i of the theory', { label: 'read-out' }),
        errorDifference: scalar('1', 'generalisation error of the run minus that of the theory', {
          label: 'run - theory, generalisation error',
        }),
        studentDifference: overlapChannel(K, K, 'run - theory, student overlaps', 'Q_ik of the run minus the theory'),
        mixedDifference: overlapChannel(
          K,
          M,
          'run - theory, student-teacher overlaps',
          'R_im of the run minus the theory',
        ),
        readOutDifference: vector('unit', K, '1', 'v_i of the run minus the theory'),
        rmsDifference: scalar('1', 'root mean square of run minus theory over the independent overlaps in Q and R', {
          label: 'rms of run - theory',
        }),
        scaledDifference: scalar('1', 'sqrt(N) times rmsDifference', { label: 'sqrt(N) x rms of run - theory' }),
        rateOverCritical: scalar('1', 'learning rate over the critical one of the perfect solution'),
        alpha: scalar('1', 'steps / inputs', { label: 'steps / inputs' }),
      },
      // Only what it goes on from; everything else is the same in a run that goes on.
      state: [trajectory.memory],
      observe(frame) {
        const alpha = run.clock.step / N;
        measure(measured);
        if (hasChanged()) predicted.fill(Number.NaN);
        else trajectory.stateAt(deliveredSteps(run.clock.step, { momentum, nesterov }) / N, predicted);
        frame.generalisationErrors[0] = generalisationError(measured);
        frame.generalisationErrors[1] = generalisationError(predicted);
        frame.generalisationError[0] = frame.generalisationErrors[1];
        frame.errorDifference[0] = frame.generalisationErrors[0] - frame.generalisationErrors[1];
        let squares = 0;
        for (let i = 0; i < K; i++) {
          for (let k = 0; k < K; k++) {
            const difference = measured[i * K + k] - predicted[i * K + k];
            frame.studentOverlaps[i * K + k] = predicted[i * K + k];
            frame.studentDifference[i * K + k] = difference;
            if (k <= i) squares += difference * difference;
          }
          frame.readOut[i] = predicted[readOutAt + i];
          frame.readOutDifference[i] = measured[readOutAt + i] - predicted[readOutAt + i];
        }
        for (let i = 0; i < K * M; i++) {
          const difference = measured[K * K + i] - predicted[K * K + i];
          frame.mixedOverlaps[i] = predicted[K * K + i];
          frame.mixedDifference[i] = difference;
          squares += difference * difference;
        }
        const rms = Math.sqrt(squares / ((K * (K + 1)) / 2 + K * M));
        frame.rmsDifference[0] = rms;
        frame.scaledDifference[0] = Math.sqrt(N) * rms;
        frame.rateOverCritical[0] = rateOverCritical;
        frame.alpha[0] = alpha;
      },
    });
  },
});
