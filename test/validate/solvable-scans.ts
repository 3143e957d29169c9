// The published scans of the repelling pair: 14 settings with 3000 seeds each that share their inputs, and the slope of
// <S> = a sqrt(T A) through them.
import { readFileSync } from 'node:fs';
import { openWorkspace } from '../../core/kernels/arena.js';
import { bindParameters } from '../../core/plugin/bind-parameters.js';
import { checkParameters } from '../../core/plugin/check-parameters.js';
import { createStream } from '../../core/random/stream.js';
import { mean, meanEstimate, variance } from '../../core/statistics/estimate.js';
import { fitProportionality } from '../../core/statistics/linear-fit.js';
import { createRandomSource } from '../../core/statistics/random-source.js';
import { linearTeacherStudent } from '../../plugins/solvable/linear-teacher-student.js';
import {
  annealedSecondMoment,
  type InputCovariance,
  noiseScale,
  type PairSetting,
  quenchedMeanSpacing,
} from '../plugins/solvable/theory/pair-spacing.js';
import { about, type Check, NOT_NEGATIVE, type Validation } from './check.js';
import { pairs, stepsToForget } from './solvable-pair.js';

interface Published {
  readonly fit: { readonly a: number; readonly error: number };
  readonly settings: readonly (PairSetting & { readonly ratio: number; readonly error: number })[];
}

const published: Published = JSON.parse(
  readFileSync(new URL('../reference/level-spacing/published.json', import.meta.url), 'utf8'),
);

const SEEDS = 3000;
const DATA_SETS = 200;

/**
 * Covariances of the shared inputs of a study, batch by batch: at the teacher plus the identity and without noise, the
 * gradient of a batch is the covariance of its inputs.
 */
function sharedInputs(seed: number, { batchSize, learningRate }: PairSetting): InputCovariance[] {
  const { arena, kernels } = openWorkspace(2 ** 20);
  const given = checkParameters(
    'model',
    { samples: 'endless', data: 'shared', noiseWidth: 0 },
    linearTeacherStudent.params,
  );
  const { values } = bindParameters('model', linearTeacherStudent.params, given, () => {
    throw new Error('no files');
  });
  const model = linearTeacherStudent.create(values as never, {
    arena,
    kernels,
    random: createStream(kernels, seed, ['unused']),
    common: createStream(kernels, seed, ['common', 'model']),
  });
  const pass = model.open(batchSize);
  const theta = arena.vector(4);
  theta.set([3, 0, 0, 3]);
  const gradient = arena.vector(4);
  const energies = arena.vector(batchSize);
  const weights = arena.vector(batchSize).fill(1 / batchSize);
  const batch = arena.indices(batchSize);
  return Array.from({ length: stepsToForget(learningRate) }, (_, step) => {
    for (let s = 0; s < batchSize; s++) batch[s] = step * batchSize + s;
    pass.forward(theta, batch, batchSize, energies);
    pass.backward(theta, batch, batchSize, weights, gradient);
    return [gradient[0], gradient[1], gradient[3]] as const;
  });
}

/** Standard deviation of <S> over data sets, relative to its mean. */
function quenchedScatter(setting: PairSetting): number {
  const random = createRandomSource(1, `quenched scatter ${JSON.stringify(setting)}`);
  const { batchSize, learningRate } = setting;
  const drawCovariance = (): InputCovariance => {
    let [c11, c12, c22] = [0, 0, 0];
    for (let s = 0; s < batchSize; s++) {
      const [x, y] = [random.normal(), random.normal()];
      c11 += x * x;
      c12 += x * y;
      c22 += y * y;
    }
    return [c11 / batchSize, c12 / batchSize, c22 / batchSize];
  };
  const means = Array.from({ length: DATA_SETS }, () =>
    quenchedMeanSpacing(Array.from({ length: stepsToForget(learningRate) }, drawCovariance), setting),
  );
  return Math.sqrt(variance(means)) / mean(means);
}

const describe = ({ learningRate, batchSize, noiseWidth }: PairSetting) =>
  `learning rate ${learningRate}, batch ${batchSize}, noise ${noiseWidth}`;

/** The first setting stands in all three scans. */
const asPublished = <T>(settings: readonly T[]): T[] => [settings[0], settings[0], ...settings];

export const pairScans: Validation = {
  title: 'Published scans of the repelling pair: learning rate, batch size, noise; inputs shared by all seeds',
  source:
    'given the inputs the weights are exactly normal, so the mean spacing of every setting is known (plugins/solvable/' +
    'theory/pair-spacing.ts) and 4 standard errors are asked. The published spacings (arXiv:2407.16427, data release) ' +
    'belong to other inputs: they and ours are within 3 standard deviations over data sets of the average over inputs',
  async run() {
    const checks: Check[] = [];
    const measured = [];
    for (const [i, setting] of published.settings.entries()) {
      const seed = 300 + i;
      const list = await pairs(setting, { seed, seeds: SEEDS, data: 'shared', samples: 'endless' });
      const scale = noiseScale(setting);
      const ratio = meanEstimate(list.map(([upper, lower]) => (upper - lower) / scale));
      measured.push({ x: scale, y: ratio.value * scale, error: ratio.error * scale });
      const quenched = quenchedMeanSpacing(sharedInputs(seed, setting), setting) / scale;
      checks.push({
        what: `<S>/sqrt(TA), ${describe(setting)}, these inputs`,
        expected: quenched,
        measured: ratio.value,
        error: ratio.error,
        n: ratio.n,
        tolerance: '4 errors',
        possible: NOT_NEGATIVE,
        accepted: about(quenched, 4 * ratio.error),
        precise: ratio.error < 0.012 * quenched,
      });
      const average = Math.sqrt((Math.PI / 4) * annealedSecondMoment(setting)) / scale;
      const scatter = quenchedScatter(setting) * average;
      for (const [whose, value, error] of [
        ['ours', ratio.value, ratio.error],
        ['published', setting.ratio, setting.error],
      ] as const) {
        checks.push({
          what: `<S>/sqrt(TA), ${describe(setting)}, ${whose} against all inputs`,
          expected: average,
          measured: value,
          error: Math.hypot(error, scatter),
          n: SEEDS,
          tolerance: '3 errors, scatter over inputs included',
          possible: NOT_NEGATIVE,
          accepted: about(average, 3 * Math.hypot(error, scatter)),
        });
      }
    }
    const fit = fitProportionality(asPublished(measured));
    const error = fit.slope.error * fit.scatter;
    checks.push({
      what: 'a in <S> = a sqrt(TA), as published: 16 points, error from their scatter',
      expected: published.fit.a,
      measured: fit.slope.value,
      error,
      n: asPublished(measured).length,
      tolerance: '2 combined errors',
      possible: NOT_NEGATIVE,
      accepted: about(published.fit.a, 2 * Math.hypot(error, published.fit.error)),
    });
    const slow = measured.filter((_, i) => published.settings[i].learningRate === 0.1);
    const slowFit = fitProportionality(slow);
    checks.push({
      what: 'a at learning rate 0.1 against sqrt(pi/(1 - 0.1/2))',
      expected: Math.sqrt(Math.PI / 0.95),
      measured: slowFit.slope.value,
      error: slowFit.slope.error * slowFit.scatter,
      n: slow.length,
      tolerance: '3 errors',
      possible: NOT_NEGATIVE,
      accepted: about(Math.sqrt(Math.PI / 0.95), 3 * slowFit.slope.error * slowFit.scatter),
    });
    return checks;
  },
};
