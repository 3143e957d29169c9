// Small runs of the plugin on this thread, without files.
import { lastValueFrom } from 'rxjs';
import { createRegistry } from '../../../core/container.js';
import type { RunRecord } from '../../../core/contracts/classifier.js';
import { gather, type RunResult } from '../../../core/engine/gather.js';
import { run } from '../../../core/engine/run.js';
import { openMemory } from '../../../core/kernels/arena.js';
import { resolveScenario } from '../../../core/scenario/resolve.js';
import type { Scenario } from '../../../core/scenario/scenario.js';
import network from '../../../plugins/network/index.js';
import optimisers from '../../../plugins/optimisers/index.js';
import sgd from '../../../plugins/sgd/index.js';
import spectrum from '../../../plugins/spectrum/index.js';
import twoLayerRelu from '../../../plugins/two-layer-relu/index.js';

const plugins = [twoLayerRelu, sgd, optimisers, spectrum, network];
const registry = createRegistry(plugins);
const memory = openMemory();
const load = (path: string): never => {
  throw new Error(`no file ${path} in this test`);
};

export interface Ran {
  readonly seed: number;
  readonly axes: RunRecord['axes'];
  readonly result: RunResult;
}

/** Descent on the full batch of the three points, unless the scenario says otherwise. */
export async function runAll(scenario: Partial<Scenario>): Promise<Ran[]> {
  const { runs } = resolveScenario(
    {
      title: 'Two-layer network',
      plugins: plugins.map(({ name }) => name),
      seed: 1,
      model: { use: 'two-layer-network' },
      loss: { use: 'half-mean-square' },
      noise: { use: 'full-batch' },
      optimiser: { use: 'sgd', learningRate: 0.5 },
      ...scenario,
    },
    registry,
    load,
  );
  const all: Ran[] = [];
  for (const config of runs) {
    const result = await lastValueFrom(gather(run(config, { registry, memory, load })));
    all.push({ seed: config.seed, axes: config.axes, result });
  }
  return all;
}

/** All frames of a channel, each a list of numbers. */
export function framesOf({ result: { series, status } }: Ran, channel: string): readonly (readonly number[])[] {
  const found = series.get(channel);
  if (!found || status !== 'completed') throw new Error(`a run ${status} without frames of ${channel}`);
  const size = found.data.length / found.step.length;
  return Array.from(found.step, (_, i) => Array.from(found.data.subarray(i * size, (i + 1) * size)));
}

/** The last number of a channel. */
export const lastOf = (ran: Ran, channel: string): number => framesOf(ran, channel).at(-1)?.[0] ?? Number.NaN;

/** As classifiers are given it. */
export const recordOf = ({ seed, axes, result }: Ran): RunRecord => ({
  id: 'ran',
  axes,
  seed,
  status: result.status,
  steps: result.steps,
  parameter: (path) => axes[path] as never,
  series: (need) => result.series.get(need.replace(/^relative-distance\./, 'movement.')),
});
