/**
 * Whole training steps of the model `network`, by the engine, against the rate of our own `dense` on the layer of that
 * network with the most weights. A step has three products for each weight and sample, forward, back and gradient, and
 * none back to the inputs.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { lastValueFrom } from 'rxjs';
import { createRegistry } from '../core/container.js';
import { run } from '../core/engine/run.js';
import { openMemory, openWorkspace } from '../core/kernels/arena.js';
import { resolveScenario } from '../core/scenario/resolve.js';
import type { Scenario } from '../core/scenario/scenario.js';
import network from '../plugins/network/index.js';
import sgd from '../plugins/sgd/index.js';
import { clock, clockAsync, takeTurns } from './measure.js';
import { peerPython } from './peers.js';

export interface NetworkStep {
  readonly size: string;
  readonly microseconds: number;
  readonly gigaflops: number;
  readonly percentOfDense: number;
  /** Time of other programs over ours; what could not be measured says why. */
  readonly peers: Readonly<Record<string, number | string>>;
}

const PEERS = ['torch float64', 'torch float32', 'jax float64', 'jax float32'];

/** The same step in Python, on one thread. */
function peersOf(widths: readonly number[], batch: number, steps: number, nanoseconds: number): NetworkStep['peers'] {
  const script = fileURLToPath(new URL('./peers/network.py', import.meta.url));
  const ratio = (peer: string): number | string => {
    try {
      const args = [script, ...peer.split(' '), widths.join('-'), String(batch), String(steps)];
      const said = execFileSync(peerPython(), args, { stdio: 'pipe', encoding: 'utf8', timeout: 600_000 });
      return JSON.parse(said).nanoseconds / nanoseconds;
    } catch (error) {
      return `does not run: ${String((error as { stderr?: string }).stderr ?? error)
        .trim()
        .split('\n')
        .at(-1)}`;
    }
  };
  return Object.fromEntries(PEERS.map((peer) => [peer, ratio(peer)]));
}

const SIZES: readonly { readonly widths: readonly number[]; readonly batch: number; readonly steps: number }[] = [
  { widths: [64, 128, 128, 10], batch: 64, steps: 400 },
  { widths: [784, 512, 512, 10], batch: 64, steps: 20 },
];
const SAMPLES = 1024;

const noFiles = () => {
  throw new Error('this scenario names no file');
};

function scenarioOf(widths: readonly number[], batch: number, steps: number): Scenario {
  return {
    title: 'Bench',
    plugins: ['network', 'sgd'],
    steps,
    model: {
      use: 'network',
      data: 'clusters',
      inputs: widths[0],
      classes: widths.at(-1) as number,
      samples: SAMPLES,
      test: 0,
      hidden: widths.slice(1, -1),
      activation: 'tanh',
      bias: true,
    },
    loss: { use: 'cross-entropy' },
    noise: { use: 'minibatch', batchSize: batch, order: 'cyclic' },
    optimiser: { use: 'sgd', learningRate: 0.01 },
  };
}

/** Floating-point operations of one step: two for each weight, sample and product. */
const operations = (widths: readonly number[], batch: number) =>
  widths.slice(1).reduce((sum, rows, layer) => sum + (layer === 0 ? 2 : 3) * 2 * rows * widths[layer] * batch, 0);

interface Dense {
  readonly flops: number;
  call(): void;
}

function denseOf(widths: readonly number[], batch: number): Dense {
  const { arena, kernels } = openWorkspace();
  const layers = widths.slice(1).map((rows, layer) => ({ rows, cols: widths[layer] }));
  const { rows, cols } = layers.reduce((most, one) => (one.rows * one.cols > most.rows * most.cols ? one : most));
  const [weights, inputs, out] = [arena.vector(rows * cols), arena.vector(batch * cols), arena.vector(batch * rows)];
  kernels.normals(1, 0, 0, 0, 0, weights.length, weights);
  kernels.normals(2, 0, 0, 0, 0, inputs.length, inputs);
  return { flops: 2 * rows * cols * batch, call: () => kernels.dense(weights, rows, cols, inputs, null, batch, out) };
}

/** @param withPeers once the Python packages of `measurePeers` are there */
export async function measureNetwork(turns: number, withPeers = false): Promise<NetworkStep[]> {
  const registry = createRegistry([network, sgd]);
  const memory = openMemory();
  const measured: NetworkStep[] = [];
  for (const { widths, batch, steps } of SIZES) {
    const runOf = (length: number) => {
      const [config] = resolveScenario(scenarioOf(widths, batch, length), registry, noFiles).runs;
      return lastValueFrom(run(config, { registry, memory, load: noFiles }));
    };
    const dense = denseOf(widths, batch);
    const [step, bound] = await takeTurns(
      [
        {
          name: 'step',
          // The difference of two lengths: without making data and weights.
          measure: async () => {
            const short = await clockAsync(1, () => runOf(1));
            return ((await clockAsync(1, () => runOf(steps + 1))) - short) / steps;
          },
        },
        {
          name: 'dense',
          measure: () =>
            clock(20, (n) => {
              for (let i = 0; i < n; i++) dense.call();
            }),
        },
      ],
      turns,
    );
    const rate = operations(widths, batch) / step.median;
    measured.push({
      size: `${widths.join('-')}, batch ${batch}`,
      microseconds: step.median / 1000,
      gigaflops: rate,
      percentOfDense: (100 * rate * bound.median) / dense.flops,
      peers: withPeers ? peersOf(widths, batch, steps, step.median) : {},
    });
  }
  return measured;
}
