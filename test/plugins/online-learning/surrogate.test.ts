// Order parameters moved by their equations: the same numbers as the theory beside a run, and a surrogate in `compare`.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { committeeFlow } from '../../../plugins/online-learning/committee-flow.js';
import { flowOverlaps } from '../../../plugins/online-learning/flow-overlaps.js';
import { onlineTheory } from '../../../plugins/online-learning/online-theory.js';
import { softCommittee } from '../../../plugins/online-learning/soft-committee.js';
import { gradientFlow } from '../../../plugins/optimisers/gradient-flow.js';
import { halfMeanSquare } from '../../../plugins/sgd/half-mean-square.js';
import { meanOutput } from '../../../plugins/sgd/mean-output.js';
import { minibatch } from '../../../plugins/sgd/minibatch.js';
import { sgd } from '../../../plugins/sgd/sgd.js';
import surrogate from '../../../scenarios/online-learning-surrogate.js';
import { eigenflow } from '../../cli/command.js';
import { newFolder } from '../../node/studies.js';
import { watch } from '../watch.js';

test('the flow starts where a committee of the same parameters does, and moves as the theory says', () => {
  const [inputs, learningRate, weightDecay, batchSize] = [20, 0.5, 0.01, 2];
  const params = { inputs, students: 3, trained: ['W', 'V'], labelNoise: 0.2, readOut: 'random', teacher: 'random' };
  const beside = watch(
    onlineTheory,
    {},
    {
      model: { component: softCommittee, params },
      loss: { component: halfMeanSquare },
      noise: { component: minibatch, params: { batchSize, order: 'iid' } },
      optimiser: { component: sgd, params: { learningRate, weightDecay } },
    },
  ).frames([0, 40]);
  const stepSize = learningRate;
  const alone = watch(
    flowOverlaps,
    {},
    {
      model: { component: committeeFlow, params: { ...params, learningRate, weightDecay, batchSize } },
      loss: { component: meanOutput },
      optimiser: { component: gradientFlow, params: { learningRate: stepSize } },
    },
    1,
  ).frames([0, 40]);
  for (const step of [0, 40]) {
    const [theory, flow] = [beside.get(step), alone.get(step)?.orderParameters];
    if (!theory || !flow) throw new Error('no frame');
    const { studentOverlaps: Q, mixedOverlaps: R, readOut: v } = theory;
    const expected = [Q[0], Q[3], Q[4], Q[6], Q[7], Q[8], ...R, ...v];
    expect(flow).toHaveLength(expected.length);
    for (const [i, value] of expected.entries()) expect(flow[i]).toBeCloseTo(value, step === 0 ? 12 : 7);
  }
});

test('compare holds them against SGD place by place, and finds means that agree', async () => {
  const folder = newFolder();
  const model = { ...surrogate.model, inputs: 100 };
  const { equations } = surrogate.compare?.surrogates ?? {};
  const small = {
    ...surrogate,
    time: 200,
    model,
    observers: { overlaps: { use: 'committee-overlaps', when: { points: 5 } } },
    compare: {
      ...surrogate.compare,
      replicas: 8,
      windows: [100, 200],
      surrogates: {
        equations: {
          ...equations,
          model: { ...model, use: 'committee-flow', learningRate: 1 },
          optimiser: { use: 'gradient-flow', learningRate: 2 },
          observers: { overlaps: { use: 'flow-overlaps', when: { points: 5 } } },
        },
      },
    },
  };
  writeFileSync(join(folder, 'small.json'), JSON.stringify(small));
  const { stdout, status } = await eigenflow(folder, ['compare', 'small.json', '--out', 'out', '--workers', '1']);
  expect(status).toBe(0);
  expect(stdout).toContain('one realisation, 8 times the same run');
  expect(stdout).not.toContain('levels meet');
  expect(stdout).not.toContain('spacings at the end');
  const verdicts: { 'mean p value': number }[] = JSON.parse(readFileSync(join(folder, 'out/verdicts.json'), 'utf8'));
  expect(verdicts).toHaveLength(2);
  expect(stdout.match(/means alone: the surrogate has no noise/g)).toHaveLength(2);
  expect(stdout).not.toMatch(/FAILS|sd ratio/);
  for (const verdict of verdicts) expect(verdict['mean p value']).toBeGreaterThan(0.01);
  // Place by place: R of unit 1 and teacher 2 is smaller than that of unit 2 and teacher 2, and stands before it.
  const [header, ...rows] = readFileSync(join(folder, 'out/figures/comparison.csv'), 'utf8').trim().split('\n');
  const names = header.split(',');
  const start = rows.map((row) => row.split(',')).filter((cells) => cells[names.indexOf('time')] === '0');
  const means = start.map((cells) => Number(cells[names.indexOf('sgd mean')]));
  const expected = [0.5, 0.05, 0.4, 0.3, 0.1, 0.05, 0.25];
  for (const [i, value] of expected.entries()) expect(means[i]).toBeCloseTo(value, 9);
});
