/** A step of every optimiser at the published size, by the engine, in units of one of `momentum`. */
import { createRegistry } from '../core/container.js';
import { createSimulation } from '../core/engine/simulation.js';
import { openWorkspace } from '../core/kernels/arena.js';
import { resolveScenario } from '../core/scenario/resolve.js';
import optimisers from '../plugins/optimisers/index.js';
import sgd from '../plugins/sgd/index.js';
import teacherStudent from '../plugins/teacher-student/index.js';
import { type Contender, clock, takeTurns } from './measure.js';

/** With the gradients that a step takes: the unit of what SAM and gradient flow are asked for. */
const SETTINGS: readonly (readonly [
  name: string,
  params: Record<string, unknown> & { use: string },
  gradients?: number,
])[] = [
  ['momentum', { use: 'momentum' }],
  ['sgd', { use: 'sgd' }],
  ['nesterov', { use: 'nesterov' }],
  ['sign-sgd', { use: 'sign-sgd' }],
  ['Signum', { use: 'sign-sgd', momentum: 0.9 }],
  ['lion', { use: 'lion' }],
  ['nag-gs', { use: 'nag-gs' }],
  ['adagrad', { use: 'adagrad' }],
  ['rmsprop', { use: 'rmsprop' }],
  ['rmsprop, centered', { use: 'rmsprop', centered: true }],
  ['adam', { use: 'adam' }],
  ['adamw', { use: 'adamw', weightDecay: 0.01 }],
  ['amsgrad', { use: 'amsgrad' }],
  ['momentum, clip', { use: 'momentum', clip: 1 }],
  ['adam, clip', { use: 'adam', clip: 1 }],
  ['amsgrad, clip', { use: 'amsgrad', clip: 1 }],
  ['sam', { use: 'sam' }, 2],
  ['gradient-flow', { use: 'gradient-flow', stepCheck: false }, 4],
];
const LEARNING_RATE = 1 / 1024;
/** A few milliseconds: on a busy machine some of many short turns are left alone, and the fastest of them counts. */
const STEPS = 4000;

export interface OptimiserSpeed {
  readonly name: string;
  /** Gradients that a step takes. */
  readonly gradients: number;
  /** Nanoseconds a step, fastest turn. */
  readonly nanoseconds: number;
  /** Of fastest turns. */
  readonly ratioToMomentum: number;
}

const plugins = [teacherStudent, sgd, optimisers];
const registry = createRegistry(plugins);
const noFiles = (path: string): never => {
  throw new Error(`no file ${path} in this bench`);
};

function contender(name: string, optimiser: Record<string, unknown> & { use: string }): Contender {
  const scenario = {
    title: 'bench',
    plugins: plugins.map((plugin) => plugin.name),
    steps: 1e9,
    model: { use: 'teacher-student' },
    loss: { use: 'half-mean-square' },
    noise: { use: 'minibatch', batchSize: 4, order: 'cyclic' },
    optimiser: { learningRate: LEARNING_RATE, ...optimiser },
  } as const;
  const { runs } = resolveScenario(scenario, registry, noFiles);
  const simulation = createSimulation(runs[0], registry, openWorkspace(2 ** 22), noFiles);
  return { name, measure: () => clock(STEPS, (n) => simulation.advance(simulation.clock.step + n)) };
}

export async function measureOptimisers(turns: number): Promise<readonly OptimiserSpeed[]> {
  const timings = await takeTurns(
    SETTINGS.map(([name, params]) => contender(name, params)),
    turns,
  );
  return timings.map(({ name, fastest }, i) => ({
    name,
    gradients: SETTINGS[i][2] ?? 1,
    nanoseconds: fastest,
    ratioToMomentum: fastest / timings[0].fastest,
  }));
}
