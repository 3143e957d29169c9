// What runs are said to take before they are computed, against what they took.
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../core/scenario/scenario.js';
import { runPath } from '../../node/results/results-folder.js';
import { loadScenario } from '../../node/scenario/load-scenario.js';
import { runCost } from '../../node/study/run-cost.js';
import { prepareStudy } from '../../node/study/study.js';
import { builtinPlugins } from '../../plugins/builtin.js';
import { compute, eightRuns, newFolder } from './studies.js';

const studies: [string, Scenario][] = [
  ['few frames of several channels', eightRuns],
  [
    'thousands of small frames',
    {
      ...eightRuns,
      steps: 4000,
      observers: { loss: { use: 'full-loss', when: { every: 1 } } },
      sweep: { seeds: 2 },
    },
  ],
  [
    'histograms derived from every frame',
    {
      ...eightRuns,
      plugins: [...eightRuns.plugins, 'spectral-statistics'],
      observers: {
        density: { use: 'spectral-density', block: 'W', low: 0, high: 4, bins: 50, frames: 1, when: { every: 2 } },
      },
      sweep: { seeds: 2 },
    },
  ],
];

describe.each(studies)('%s', (_what, scenario) => {
  it('take what was said before or up to a third less; then what was stored', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'scenario.json'), JSON.stringify(scenario));
    const study = await prepareStudy(await loadScenario(join(folder, 'scenario.json')), builtinPlugins);
    const before = await runCost(study, join(folder, 'out'), []);
    const { out, rows } = await compute(scenario, { folder });
    const sizes = rows.map(({ id }) => statSync(runPath(out, id)).size);
    expect(before.storedRuns).toBe(0);
    expect(before.bytes).toBeGreaterThanOrEqual(Math.max(...sizes));
    expect(before.bytes).toBeLessThan(1.5 * Math.max(...sizes));
    const after = await runCost(study, out, rows);
    expect(after.bytes).toBeCloseTo(sizes.reduce((sum, size) => sum + size, 0) / sizes.length, 6);
    expect(after.seconds).toBeCloseTo(rows.reduce((sum, { seconds }) => sum + seconds, 0) / rows.length, 12);
    expect(after.storedRuns).toBe(rows.length);
  });
});
