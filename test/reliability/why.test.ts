// `why`: what changed between stored results and a scenario, and which runs would be used, computed or left over.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Scenario } from '../../core/scenario/scenario.js';
import { loadScenario } from '../../node/scenario/load-scenario.js';
import { explainStudy } from '../../node/study/provenance.js';
import { prepareStudy } from '../../node/study/study.js';
import { builtinPlugins } from '../../plugins/builtin.js';
import { eigenflowMany } from '../cli/command.js';
import { type Computed, compute, eightRuns, newFolder } from '../node/studies.js';

const plugin = (version: string, fallback: number) => `
  import { defineObserver, definePlugin, number } from 'eigenflow';
  const mine = defineObserver({
    name: 'mine', summary: 'A number', cite: [],
    params: { value: number({ doc: 'what it measures', unit: '1', default: ${fallback} }) },
    create: ({ value }) => ({
      channels: { x: { unit: '1', doc: 'a number' } },
      observe: (out) => { out.x[0] = value; },
    }),
  });
  export default definePlugin({ name: 'mine', version: '${version}', components: [mine] });`;

const scenario: Scenario = {
  ...eightRuns,
  plugins: [...eightRuns.plugins, './mine.ts'],
  steps: 20,
  observers: { mine: { use: 'mine', when: 'end' } },
  sweep: { axes: { 'model.initialWidth': [0.5, 2] }, seeds: 2 },
};

let folder: string;
let first: Computed;
beforeAll(async () => {
  folder = newFolder();
  writeFileSync(join(folder, 'mine.ts'), plugin('1.0.0', 1));
  first = await compute(scenario, { folder });
});

async function explain(changes: Partial<Scenario>, source = plugin('1.0.0', 1)) {
  writeFileSync(join(folder, 'mine.ts'), source);
  const file = join(folder, 'changed.json');
  writeFileSync(file, JSON.stringify({ ...scenario, ...changes }));
  const {
    changes: found,
    reused,
    computed,
    orphaned,
  } = explainStudy(first.out, await prepareStudy(await loadScenario(file), builtinPlugins));
  return {
    changes: found.map(({ what, stored, now, renames }) => `${what}: ${stored} > ${now}${renames ? ' !' : ''}`),
    counts: [reused.length, computed.length, orphaned.length],
  };
}

describe('says what changed, marks what makes other runs (!), and counts reused, computed and left over', () => {
  it.each<[string, Partial<Scenario>, string | undefined, string[], number[]]>([
    ['nothing', {}, undefined, [], [4, 0, 0]],
    ['a parameter', { noise: { ...scenario.noise, batchSize: 8 } }, undefined, ['noise.batchSize: 7 > 8 !'], [0, 4, 4]],
    [
      'a parameter that was left to its default',
      { optimiser: { ...scenario.optimiser, weightDecay: 0.5 } },
      undefined,
      ['optimiser.weightDecay: 0 > 0.5 !'],
      [0, 4, 4],
    ],
    ['the length', { steps: 21 }, undefined, ['steps: 20 > 21 !'], [0, 4, 4]],
    ['the seed', { seed: 12 }, undefined, ['seed: 11 > 12 !'], [0, 4, 4]],
    [
      'a component',
      { optimiser: { use: 'sgd', learningRate: 1 } },
      undefined,
      expect.arrayContaining(['optimiser.use: "momentum" > "sgd" !']),
      [0, 4, 4],
    ],
    [
      'seeds and a value of an axis',
      { sweep: { axes: { 'model.initialWidth': [0.5, 2, 4] }, seeds: 3 } },
      undefined,
      ['axis model.initialWidth: [0.5,2] > [0.5,2,4]', 'sweep.seeds: 2 > 3'],
      [4, 5, 0],
    ],
    ['fewer seeds', { sweep: { ...scenario.sweep, seeds: 1 } }, undefined, ['sweep.seeds: 2 > 1'], [2, 0, 2]],
    ['what no run uses, as it is swept', { model: { ...scenario.model, initialWidth: 3 } }, undefined, [], [4, 0, 0]],
    ['the title', { title: 'Another' }, undefined, ['title: "Eight runs" > "Another"'], [4, 0, 0]],
    ['the version of a plugin', {}, plugin('1.1.0', 1), ['plugin mine: "1.0.0" > "1.1.0" !'], [0, 4, 4]],
    [
      'a default inside a plugin',
      {},
      plugin('1.0.0', 2),
      [
        'observers.mine.value: 1 > 2 !',
        expect.stringMatching(/^code of plugin mine 1.0.0: "[0-9a-f]{16}" > "[0-9a-f]{16}"$/),
      ],
      [0, 4, 4],
    ],
    [
      'what was fixed and is swept now',
      { sweep: { axes: { 'model.initialWidth': [0.5, 2], 'noise.batchSize': [7, 8] }, seeds: 2 } },
      undefined,
      ['axis noise.batchSize:  > [7,8]'],
      [4, 4, 0],
    ],
  ])('%s', async (_what, changes, source, expected, counts) => {
    expect(await explain(changes, source)).toEqual({ changes: expected, counts });
  });
});

it('a slot that is swept as a whole hides all its values', async () => {
  const axes = {
    optimiser: [
      { use: 'sgd', learningRate: 1 },
      { use: 'sgd', learningRate: 2 },
    ],
  };
  const { counts, changes } = await explain({
    sweep: { axes, seeds: 2 },
    model: { ...scenario.model, initialWidth: 1 },
  });
  expect(counts[0] + counts[1]).toBe(4);
  expect(changes.filter((change) => change.startsWith('optimiser'))).toEqual([]);
});

it('the command prints it, as text and as JSON, and whether the folder would take the scenario', () => {
  writeFileSync(join(folder, 'mine.ts'), plugin('1.0.0', 1));
  rmSync(join(first.out, 'runs', `${first.rows[0].id}.npz`));
  const [same, other, json] = eigenflowMany(
    [
      ['why', 'out', 'scenario.json', '--list'],
      ['why', 'out', 'scenario.json', '--set', 'noise.batchSize=8'],
      ['why', 'out', 'scenario.json', '--json'],
    ].map((args) => ({ folder, args })),
  );
  expect(same.stdout).toBe(
    `nothing has changed\nreused    3\ncomputed  1\nleft over 0\n  compute ${first.rows[0].id}\n`,
  );
  expect(other.stdout).toContain('  noise.batchSize: 7 -> 8  (makes other runs)\n');
  expect(other.stdout).toContain('This folder would not take the scenario: out: holds results of another scenario');
  expect(JSON.parse(json.stdout)).toMatchObject({ changes: [], computed: [first.rows[0].id], orphaned: [] });
  expect([same.status, other.status, json.status]).toEqual([0, 0, 0]);
});
