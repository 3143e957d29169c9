// "Copy as scenario": the JSON that the page gives, run by the command, has every bit of the run that was seen.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { gather } from '../../core/engine/gather.js';
import { run } from '../../core/engine/run.js';
import { openMemory } from '../../core/kernels/arena.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { chooseComponent, type Draft, setLength } from '../../lab/page/controls/draft.js';
import type { Place } from '../../lab/protocol.js';
import { catalogueOf } from '../../lab/worker/catalogue.js';
import { runAt, scenarioAt } from '../../lab/worker/place.js';
import { loadPlugins, registryOf } from '../../lab/worker/plugins.js';
import { presets } from '../../lab/worker/presets.js';
import { readManifest } from '../../node/results/results-folder.js';
import { readRun } from '../../node/results/run-file.js';
import { readRows } from '../../node/results/stored-rows.js';
import { eigenflow } from '../cli/command.js';
import { newFolder } from '../node/studies.js';

const noFiles = (path: string): never => {
  throw new Error(path);
};

const presetOf = (name: string) => presets.find((preset) => preset.name === name) ?? presets[0];

/** Bits as they are, with one NaN. */
const bits = (numbers: ArrayLike<number>) =>
  Array.from(numbers, (value) => (Object.is(value, -0) ? '-0' : String(value)));

async function compare(scenario: Scenario, place: Place): Promise<number> {
  const registry = await registryOf(scenario.plugins);
  const config = runAt(scenario, place, registry, noFiles);
  const seen = await lastValueFrom(gather(run(config, { registry, memory: openMemory(), load: noFiles })));
  const folder = newFolder();
  writeFileSync(join(folder, 'copied.json'), JSON.stringify(scenarioAt(scenario, place), null, 2));
  const { status, stderr } = await eigenflow(folder, [
    'run',
    'copied.json',
    '--out',
    'out',
    '--export',
    'none',
    '--no-figures',
    '-y',
  ]);
  if (status !== 0) throw new Error(stderr);
  const out = join(folder, 'out');
  expect(readManifest(out).title).toBe(scenario.title);
  const row = [...readRows(out, []).values()].find(({ seed }) => seed === place.seed);
  if (!row) throw new Error('the run is not there');
  const stored = readRun(out, row.id);
  let numbers = 0;
  for (const [channel, { data, step }] of seen.series) {
    expect(bits(stored.get(channel).data), channel).toEqual(bits(data));
    expect(bits(stored.get(`${channel}.step`).data), channel).toEqual(bits(step));
    numbers += data.length;
  }
  return numbers;
}

describe('a scenario that is copied from the page', () => {
  it('gives the command the bits of a cell, also of a later seed', async () => {
    const { scenario, at } = presetOf('momentum');
    expect(await compare(scenario, { at, seed: 1 })).toBeGreaterThan(20);
  });

  it('gives them after the controls have changed optimiser and length', async () => {
    const { scenario, at } = presetOf('three-phases');
    const adam = catalogueOf(await loadPlugins()).components.find(({ name }) => name === 'adam');
    if (!adam) throw new Error('no adam');
    const draft: Draft = { scenario, at: { ...at, 'optimiser.learningRate': 0.01 }, seed: 0 };
    const changed = setLength(chooseComponent(draft, 'optimiser', adam), 'epochs', 2);
    expect(await compare(changed.scenario, { at: changed.at, seed: 0 })).toBeGreaterThan(100);
  });
});
