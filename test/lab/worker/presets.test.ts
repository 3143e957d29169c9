// Presets are the scenarios that come with eigenflow: each runs where it begins, is cited by its own parts, and is no more
// than shorter.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { gather } from '../../../core/engine/gather.js';
import { run } from '../../../core/engine/run.js';
import { openMemory } from '../../../core/kernels/arena.js';
import { canonical } from '../../../core/scenario/identity.js';
import { parseScenario } from '../../../core/scenario/parse.js';
import { resolveScenario } from '../../../core/scenario/resolve.js';
import { check } from '../../../lab/worker/catalogue.js';
import { runAt } from '../../../lab/worker/place.js';
import { registryOf } from '../../../lab/worker/plugins.js';
import { presets } from '../../../lab/worker/presets.js';
import { builtinPlugins } from '../../../plugins/builtin.js';
import { root } from '../../documents/documents.js';

const noFiles = (path: string): never => {
  throw new Error(path);
};

describe('a preset', () => {
  it('has a name of its own, and says what to look for', () => {
    expect(new Set(presets.map(({ name }) => name)).size).toBe(presets.length);
    for (const { look, name } of presets) expect(look, name).toMatch(/^[A-Z].{40,220}\.$/);
  });

  it.each(presets.map((preset) => [preset.name, preset] as const))(
    'begins at a cell of its sweep, and runs there: %s',
    async (_, preset) => {
      const { scenario, at } = preset;
      expect(() => parseScenario(scenario)).not.toThrow();
      const registry = await registryOf(scenario.plugins);
      const { grid } = resolveScenario(scenario, registry, noFiles);
      for (const { name, values } of grid.axes) {
        expect(
          values.map((value) => canonical(value)),
          name,
        ).toContain(canonical(at[name]));
      }
      expect(Object.keys(at).sort()).toEqual(grid.axes.map(({ name }) => name).sort());
      expect(await check(scenario, { at, seed: 0 }, noFiles)).toBeUndefined();
      const config = runAt(scenario, { at, seed: 0 }, registry, noFiles);
      const short = { ...config, length: { steps: 2 }, observers: {} };
      const result = await lastValueFrom(gather(run(short, { registry, memory: openMemory(), load: noFiles })));
      expect([result.status, result.steps]).toEqual(['completed', 2]);
    },
  );

  it('is from papers that eigenflow cites', async () => {
    const plugins = await Promise.all(Object.values(builtinPlugins).map(async (load) => (await load()).default));
    const components = plugins.flatMap((plugin) => plugin.components.flatMap(({ cite }) => cite));
    // The rules of scaling are no components.
    const rules = ['core/scenario/scenario.ts', 'analysis/stored/training-protocol.ts'];
    const cited = [...components, ...rules.map((path) => readFileSync(join(root, path), 'utf8'))].join(' ');
    for (const { name, cite } of presets) {
      for (const source of cite) expect(cited, name).toContain(source.split(',')[0]);
    }
  });
});
