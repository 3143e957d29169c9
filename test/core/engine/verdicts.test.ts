// What a classifier must not say is refused where its verdict is taken: it would be counted as if it were measured.
import { expect, it } from 'vitest';
import { createRegistry } from '../../../core/container.js';
import type { Classifier, RunRecord, SweepVerdict, Verdict } from '../../../core/contracts/classifier.js';
import { defineClassifier, definePlugin } from '../../../core/contracts/component.js';
import { createClassifier } from '../../../core/engine/classifier.js';
import { openMemory } from '../../../core/kernels/arena.js';
import { classifySweep } from '../../../core/phases/phase-map.js';
import { configOf } from './runs.js';

const labels = ['frozen', 'partial', 'full'];
const certain = (label: string): Verdict['probabilities'] => ({ frozen: 0, partial: 0, full: 0, [label]: 1 });
const sound: Verdict = { label: 'full', probabilities: certain('full'), evidence: { loss: 0.1 } };

const record: RunRecord = {
  id: 'a1b2',
  axes: { 'optimiser.learningRate': 0.5 },
  seed: 0,
  status: 'completed',
  steps: 10,
  parameter: () => undefined,
  series: () => undefined,
};

/** The classifier of a scenario, as the engine creates it. */
function created(made: Partial<Classifier>): Classifier {
  const judge = defineClassifier({
    name: 'judge',
    summary: 'Says what it is told',
    params: {},
    cite: [],
    create: () => ({ scope: 'run', labels, needs: [], classify: () => sound, ...made }) as Classifier,
  });
  const registry = createRegistry([definePlugin({ name: 'court', version: '1.0.0', components: [judge] })]);
  const config = { ...configOf(), classifier: { use: 'judge', params: {} } };
  const noFiles = (): never => {
    throw new Error('no files');
  };
  return createClassifier(config, registry, openMemory(), noFiles) as Classifier;
}

const judge = (made: Partial<Classifier>) => classifySweep(created(made), [record], []);

const third = 1 / 3;
it.each<[string, Partial<Verdict>]>([
  ['a label and probabilities', {}],
  ['probabilities that sum to 1 but for rounding', { probabilities: { frozen: third, partial: third, full: third } }],
  ['no label', { label: undefined, probabilities: { frozen: NaN, partial: NaN, full: NaN }, evidence: { loss: NaN } }],
])('%s passes', (_, changes) => {
  const verdict = { ...sound, ...changes };
  expect(judge({ classify: () => verdict } as Partial<Classifier>).runs).toEqual([verdict]);
});

const SAID = 'classifier: the verdict of the classifier "judge" of plugin court';

it.each<[string, unknown, string]>([
  [
    'a label that is misspelt',
    { ...sound, label: 'ful' },
    'the label "ful" is not in its legend; did you mean "full"? Labels: frozen, partial, full',
  ],
  [
    'a label of another classifier',
    { ...sound, label: 'paramagnetic' },
    'the label "paramagnetic" is not in its legend.',
  ],
  ['a number as label', { ...sound, label: 3 }, 'the label 3 is not in its legend.'],
  [
    'a probability for a label that is misspelt',
    { ...sound, probabilities: { frozen: 0, partial: 0, ful: 1 } },
    'it gives a probability for what is no label: the label "ful" is not in its legend; did you mean "full"?',
  ],
  [
    'a label without a probability',
    { ...sound, probabilities: { frozen: 0, full: 1 } },
    'it gives no probability for the label "partial"',
  ],
  [
    'a negative probability',
    { ...sound, probabilities: { frozen: -0.5, partial: 0.5, full: 1 } },
    'the probability of "frozen" is -0.5; expected a number from 0 to 1',
  ],
  ['a probability above 1', { ...sound, probabilities: { frozen: 2, partial: 0, full: 0 } }, '"frozen" is 2; expected'],
  ['NaN with a label', { ...sound, probabilities: { frozen: NaN, partial: 0, full: 1 } }, '"frozen" is NaN; expected'],
  [
    'probabilities that do not sum to 1',
    { ...sound, probabilities: { frozen: 0.25, partial: 0, full: 0.5 } },
    'its probabilities sum to 0.75; expected 1',
  ],
  [
    'a sum that misses 1 by more than rounding',
    { ...sound, probabilities: { frozen: 1e-8, partial: 0, full: 1 } },
    'its probabilities sum to 1.00000001; expected 1',
  ],
  [
    'a probability without a label',
    { ...sound, label: undefined },
    'there is no label, yet the probability of "frozen" is 0; expected NaN',
  ],
  [
    'evidence that is no number',
    { ...sound, evidence: { loss: '0.1' } },
    'the evidence "loss" is "0.1"; expected a number',
  ],
  ['no verdict at all', undefined, 'found undefined; expected { label, probabilities, evidence }'],
  ['a label alone', 'full', 'found "full"; expected { label, probabilities, evidence }'],
])('%s is refused, by a classifier of runs and by one of sweeps', (_, verdict, message) => {
  const classify = () => verdict;
  const expected = `${SAID} of run a1b2 (optimiser.learningRate = 0.5): `;
  expect(() => judge({ classify } as Partial<Classifier>)).toThrow(expected);
  expect(() => judge({ classify } as Partial<Classifier>)).toThrow(message);
  const sweep = { scope: 'sweep', classify: () => ({ runs: [verdict], cells: [], boundaries: [] }) };
  expect(() => judge(sweep as unknown as Partial<Classifier>)).toThrow(expected);
  expect(() => judge(sweep as unknown as Partial<Classifier>)).toThrow(message);
});

const banded = (value: number) => ({ value, low: value, high: value });
const cell: SweepVerdict['cells'][number] = {
  axes: {},
  n: 1,
  unlabelled: 0,
  label: 'full',
  probabilities: { frozen: banded(0.2), partial: banded(0.3), full: banded(0.5) },
  evidence: {},
};
const boundary = { between: ['frozen', 'full'] as const, along: 'x', level: 0.5, crossings: [] };

it.each<[string, Partial<SweepVerdict>, string | undefined]>([
  ['a sound map', {}, undefined],
  ['more verdicts than runs', { runs: [sound, sound] }, 'of the sweep: it gives 2 verdicts on 1 runs'],
  ['cells that leave runs out', { cells: [] }, 'of the sweep: its cells count 0 of 1 runs'],
  ['a cell with an unknown label', { cells: [{ ...cell, label: 'fall' }] }, 'in a cell the label "fall" is not in its'],
  [
    'a cell whose probabilities do not sum to 1',
    { cells: [{ ...cell, probabilities: { ...cell.probabilities, full: banded(0.6) } }] },
    'in a cell its probabilities sum to 1.1; expected 1',
  ],
  [
    'a boundary between unknown labels',
    { boundaries: [{ ...boundary, between: ['frozen', 'fluid'] }] },
    'in a boundary the label "fluid" is not in its legend.',
  ],
])('of a sweep: %s', (_, changes, message) => {
  const map = { runs: [sound], cells: [cell], boundaries: [boundary], ...changes };
  const sweep = { scope: 'sweep', classify: () => map } as unknown as Partial<Classifier>;
  if (message === undefined) expect(judge(sweep)).toEqual(map);
  else expect(() => judge(sweep)).toThrow(message);
});

it.each<[readonly string[], string]>([
  [[], 'classifier: the classifier "judge" of plugin court has no labels'],
  [['frozen', ''], 'has no labels, or one without a name'],
  [['frozen', 'full', 'frozen'], 'has the label "frozen" twice: frozen, full, frozen'],
])('the legend %j is refused before anything runs', (legend, message) => {
  expect(() => created({ labels: legend })).toThrow(message);
});
