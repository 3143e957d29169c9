// The study that the page opens with is what its scenario gives: to the bit, wherever one looks.
import { readFileSync } from 'node:fs';
import { lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createRegistry } from '../../core/container.js';
import { gather } from '../../core/engine/gather.js';
import { run } from '../../core/engine/run.js';
import { openMemory } from '../../core/kernels/arena.js';
import { canonical } from '../../core/scenario/identity.js';
import { parseScenario } from '../../core/scenario/parse.js';
import { resolveScenario } from '../../core/scenario/resolve.js';
import { openZip } from '../../node/files/zip-archive.js';
import { encodeRun } from '../../node/results/run-file.js';
import { loadPlugins } from '../../node/scenario/load-plugins.js';
import { builtinPlugins } from '../../plugins/builtin.js';
import lab from '../../scenarios/lab.js';

const files = new Map(
  openZip(readFileSync('lab/study.zip'), 'lab/study.zip', 2 ** 28).map((member) => [member.name, member]),
);
const textOf = (name: string) => new TextDecoder().decode(files.get(name)?.read());

const noFiles = (path: string): never => {
  throw new Error(`no file ${path}`);
};

describe('the shipped study', () => {
  it('is that of scenarios/lab.ts, whole, with a verdict on every run', async () => {
    const registry = createRegistry(await loadPlugins(lab.plugins, '.', builtinPlugins));
    const scenario = parseScenario(lab);
    expect(canonical(JSON.parse(textOf('manifest.json')).scenario)).toBe(canonical(scenario));
    const { runs } = resolveScenario(scenario, registry, noFiles);
    const names = runs.map(({ id }) => `runs/${id}.npz`).sort();
    expect([...files.keys()].filter((name) => name.startsWith('runs/')).sort()).toEqual(names);
    expect(textOf('verdicts.csv').trim().split('\n')).toHaveLength(runs.length + 1);
  });

  it.each([
    ['ordered', 0, 0, 0],
    ['jammed', 11, 0, 4],
    ['paramagnetic', 3, 9, 2],
  ])('has the bits of its runs: one in the %s phase', async (_phase, width, rate, seed) => {
    const registry = createRegistry(await loadPlugins(lab.plugins, '.', builtinPlugins));
    const { runs, grid } = resolveScenario(parseScenario(lab), registry, noFiles);
    const config = runs[(width * 12 + rate) * grid.seeds + seed];
    const result = await lastValueFrom(gather(run(config, { registry, memory: openMemory(), load: noFiles })));
    expect(Buffer.from(encodeRun(config, result)).equals(files.get(`runs/${config.id}.npz`)?.read() as Buffer)).toBe(
      true,
    );
  });
});
