// The model `network`, its losses, optimisers and schedules against trajectories that PyTorch makes anew: random
// networks, data and hyperparameters, other ones than in the stored files of test/reference/optimisers, compared in
// every weight.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRegistry } from '../../core/container.js';
import type { NamedArrays, NumberArray } from '../../core/contracts/arrays.js';
import { createSimulation } from '../../core/engine/simulation.js';
import { openMemory } from '../../core/kernels/arena.js';
import { resolveScenario } from '../../core/scenario/resolve.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { createRandomSource } from '../../core/statistics/random-source.js';
import network from '../../plugins/network/index.js';
import optimisers from '../../plugins/optimisers/index.js';
import sgd from '../../plugins/sgd/index.js';
import { arraysOf, blocksOf, largestDifference, matrix, vectorOf } from '../plugins/network/build.js';
import { type Check, type Interval, NOT_NEGATIVE, type Validation } from './check.js';
import { torchPython } from './torch-python.js';

const SEED = 20260729;
/** Trajectories behind one row. */
const DRAWS = 6;
/** Numbers of steps, and how far any weight may be off there: by what rounding inside PyTorch does, with some room. */
const FRAMES = [1, 10, 100, 300] as const;
const TOLERANCES = [1e-15, 1e-14, 1e-13, 5e-13] as const;

const ACTIVATIONS = ['tanh', 'relu', 'identity', 'erf', 'gelu', 'sigmoid', 'softplus', 'sine'] as const;
const LOSSES = ['half-mean-square', 'mean-square', 'huber', 'cross-entropy', 'logistic'] as const;

type Params = Readonly<Record<string, unknown>>;
type Draw = ReturnType<typeof drawing>;

/** Draws of one trajectory. */
function drawing(name: string) {
  const random = createRandomSource(SEED, name);
  const between = (low: number, high: number) => low + (high - low) * random.uniform();
  return {
    between,
    normal: () => random.normal(),
    /** Evenly in the logarithm. */
    scale: (low: number, high: number) => low * (high / low) ** random.uniform(),
    whole: (low: number, high: number) => low + random.below(high - low + 1),
    one: <T>(values: readonly T[]): T => values[random.below(values.length)],
    chance: (share: number) => random.uniform() < share,
  };
}

/** What a row prescribes; everything else is drawn. */
interface Kind {
  readonly what: string;
  /** By eigenflow's name, with its parameters; default: one of the usual ones. */
  readonly optimiser?: (draw: Draw) => Params;
  /** What PyTorch's side does, where that is not the optimiser of the same name. */
  readonly torch?: string;
  readonly loss?: (draw: Draw) => Params;
  readonly model?: (draw: Draw) => Params;
  readonly activation?: (typeof ACTIVATIONS)[number];
  /** Hidden layers of one width. */
  readonly isEven?: boolean;
  /** Layers without biases are drawn, too. */
  readonly someBiases?: boolean;
  /** A mistake of this side of the comparison, which has to be found. */
  readonly isWrong?: boolean;
}

const decay = (d: Draw) => d.scale(1e-3, 3e-2);
const sometimes = (d: Draw) => (d.chance(0.5) ? decay(d) : 0);
const plain = (d: Draw) => ({ use: 'sgd', learningRate: d.scale(0.02, 0.2) });
const velocity = (use: string) => (d: Draw) => ({
  ...{ use, learningRate: d.scale(0.005, 0.05), momentum: d.between(0.5, 0.9), weightDecay: sometimes(d) },
});
const moments = (use: string, weightDecay: (d: Draw) => number) => (d: Draw) => ({
  ...{ use, learningRate: d.scale(5e-4, 5e-3), beta1: d.between(0.8, 0.95), beta2: d.between(0.95, 0.9995) },
  ...{ epsilon: d.scale(1e-8, 1e-4), weightDecay: weightDecay(d) },
});
const adam = moments('adam', () => 0);
const rmsprop = (d: Draw, more: Params) => ({
  ...{ use: 'rmsprop', learningRate: d.scale(3e-4, 2e-3), smoothing: d.between(0.9, 0.995) },
  ...{ epsilon: d.scale(1e-8, 1e-4), weightDecay: sometimes(d), momentum: 0, centered: false, ...more },
});
const usual = (d: Draw) => d.one([plain, velocity('momentum'), moments('adamw', decay)])(d);
const clipped = (optimiser: (d: Draw) => Params) => (d: Draw) => ({ ...optimiser(d), clip: d.scale(0.05, 0.5) });
const scheduled = (schedule: (d: Draw) => Params) => (d: Draw) => {
  const { learningRate, ...rest } = usual(d);
  return { ...rest, learningRate: { peak: learningRate, ...schedule(d) } };
};
const muon = (d: Draw) => ({
  ...{ use: 'muon', learningRate: d.scale(5e-4, 2e-3), momentum: d.between(0.85, 0.95), nesterov: d.chance(0.5) },
  ...{ shape: d.one(['original', 'match-rms-adamw', 'spectral-unclamped']), epsilon: 1e-7, steps: 5 },
  ...{
    weightDecay: sometimes(d),
    auxLearningRate: d.scale(5e-4, 3e-3),
    auxBeta1: 0.9,
    auxBeta2: d.between(0.95, 0.999),
  },
  ...{ auxEpsilon: d.scale(1e-8, 1e-5), auxWeightDecay: sometimes(d) },
});
const widthRates = (parametrisation: string) => (d: Draw) => ({
  parametrisation,
  ...(parametrisation === 'standard' ? {} : { baseWidth: d.whole(3, 12) }),
  ...(parametrisation === 'mean-field' ? { gamma0: d.between(0.6, 1.2) } : {}),
  ...(parametrisation === 'ntk' || parametrisation === 'mean-field' ? { biasScale: d.between(0.3, 1) } : {}),
});
const PARAMETRISATIONS = ['standard', 'ntk', 'mean-field', 'mup'] as const;

const KINDS: readonly Kind[] = [
  { what: 'SGD', optimiser: plain },
  { what: 'SGD, weight decay', optimiser: (d) => ({ ...plain(d), weightDecay: decay(d) }) },
  { what: 'SGD, momentum', optimiser: velocity('momentum') },
  { what: 'SGD, Nesterov', optimiser: velocity('nesterov') },
  { what: 'Adam', optimiser: adam },
  { what: 'Adam, weight decay', optimiser: moments('adam', decay) },
  { what: 'AdamW', optimiser: moments('adamw', decay) },
  { what: 'Adam, amsgrad', optimiser: moments('amsgrad', sometimes) },
  { what: 'AdamW, amsgrad', optimiser: (d) => ({ ...moments('amsgrad', decay)(d), decay: 'decoupled' }) },
  { what: 'RMSprop', optimiser: (d) => rmsprop(d, {}) },
  { what: 'RMSprop, centered', optimiser: (d) => rmsprop(d, { centered: true }) },
  { what: 'RMSprop, momentum', optimiser: (d) => rmsprop(d, { momentum: d.between(0.3, 0.8) }) },
  {
    what: 'Adagrad',
    optimiser: (d) => ({
      ...{ use: 'adagrad', learningRate: d.scale(0.01, 0.1), start: d.chance(0.5) ? d.between(0.01, 0.2) : 0 },
      ...{ slowing: d.chance(0.5) ? d.scale(1e-3, 1e-1) : 0, epsilon: d.scale(1e-10, 1e-6), weightDecay: sometimes(d) },
    }),
  },
  { what: 'Muon (in float64), AdamW for the rest', optimiser: muon },
  { what: 'clip_grad_norm_, SGD', optimiser: clipped(plain) },
  { what: 'clip_grad_norm_, momentum', optimiser: clipped(velocity('momentum')) },
  { what: 'clip_grad_norm_, Adam', optimiser: clipped(adam) },
  { what: 'CrossEntropyLoss', loss: () => ({ use: 'cross-entropy', smoothing: 0 }) },
  {
    what: 'CrossEntropyLoss, label_smoothing',
    loss: (d) => ({ use: 'cross-entropy', smoothing: d.between(0.02, 0.3) }),
  },
  { what: 'BCEWithLogitsLoss (logistic)', loss: () => ({ use: 'logistic' }) },
  { what: 'HuberLoss', loss: (d) => ({ use: 'huber', delta: d.between(0.2, 1.5) }) },
  { what: 'MSELoss', loss: () => ({ use: 'mean-square' }) },
  { what: 'half the squared distance', loss: () => ({ use: 'half-mean-square' }) },
  { what: 'warm-up (LinearLR)', optimiser: scheduled((d) => ({ warmUp: d.whole(20, 250) })) },
  {
    what: 'cosine (CosineAnnealingLR)',
    optimiser: scheduled((d) => ({ cosine: d.whole(300, 400), floor: d.chance(0.5) ? d.between(0.01, 0.3) : 0 })),
  },
  {
    what: 'warm-up, then cosine (SequentialLR)',
    optimiser: scheduled((d) => ({ warmUp: d.whole(5, 60), cosine: d.whole(300, 400), floor: d.between(0, 0.3) })),
  },
  { what: 'layers without biases', someBiases: true },
  { what: 'residual layers', isEven: true, model: (d) => ({ residual: d.between(0.3, 1) }) },
  ...PARAMETRISATIONS.flatMap((name): Kind[] => [
    {
      what: `parametrisation ${name}, SGD or momentum`,
      optimiser: (d) => d.one([plain, velocity('momentum')])(d),
      model: widthRates(name),
    },
    {
      what: `parametrisation ${name}, Adam or AdamW`,
      optimiser: (d) => d.one([adam, moments('adamw', decay)])(d),
      model: widthRates(name),
    },
  ]),
  ...ACTIVATIONS.map((activation): Kind => ({ what: `activation ${activation}`, activation })),
  { what: 'Adam, written by hand', optimiser: adam, torch: 'adam-by-hand' },
  {
    what: 'planted mistake: Adam divided by sqrt(square + epsilon)',
    ...{ optimiser: adam, torch: 'adam-epsilon-inside', isWrong: true },
  },
  {
    what: 'planted mistake: Adam divided by sqrt(square + epsilon^2)',
    ...{ optimiser: adam, torch: 'adam-epsilon-squared-inside', isWrong: true },
  },
];

/** One trajectory to be made twice. */
interface Run {
  readonly torch: string;
  readonly batch: number;
  readonly model: Params;
  readonly loss: Params;
  readonly optimiser: Params;
  readonly x: readonly (readonly number[])[];
  /** Rows of numbers; of cross-entropy a label for each sample. */
  readonly y: readonly (readonly number[])[] | readonly number[];
  readonly weights: Readonly<Record<string, readonly (readonly number[])[] | readonly number[]>>;
}

function drawRun(kind: Kind, n: number): Run {
  const d = drawing(`${kind.what}, ${n}`);
  const rows = (count: number, columns: number, deviation: number) =>
    Array.from({ length: count }, () => Array.from({ length: columns }, () => deviation * d.normal()));
  const loss = kind.loss?.(d) ?? lossOf(d);
  const depth = kind.isEven ? d.whole(2, 4) : d.whole(1, 3);
  const width = d.whole(4, 10);
  const hidden = Array.from({ length: depth }, () => (kind.isEven ? width : d.whole(4, 10)));
  const inputs = d.whole(2, 6);
  const outputs = d.whole(loss.use === 'cross-entropy' ? 2 : 1, 4);
  const widths = [inputs, ...hidden, outputs];
  // At least one layer without.
  const bare = d.whole(0, depth);
  const bias = widths.slice(1).map((_, l) => !kind.someBiases || (l !== bare && d.chance(0.5)));
  const model: Params = {
    ...{ hidden, activation: hidden.map(() => kind.activation ?? d.one(ACTIVATIONS)), bias, residual: 0 },
    ...{ parametrisation: 'standard', ...kind.model?.(d) },
  };
  const samples = d.whole(12, 40);
  const deviation = (fanIn: number) =>
    model.parametrisation === 'ntk' || model.parametrisation === 'mean-field' ? 1 : 1 / Math.sqrt(fanIn);
  const weights = Object.fromEntries(
    bias.flatMap((has, l) => [
      [`W${l + 1}`, rows(widths[l + 1], widths[l], deviation(widths[l]))],
      ...(has ? [[`b${l + 1}`, rows(1, widths[l + 1], 0.2)[0]]] : []),
    ]),
  );
  const targets = () => {
    if (loss.use === 'cross-entropy') return Array.from({ length: samples }, () => d.whole(0, outputs - 1));
    if (loss.use === 'logistic') return rows(samples, outputs, 1).map((row) => row.map((z) => (z > 0 ? 1 : 0)));
    return rows(samples, outputs, 1);
  };
  const optimiser: Params = (kind.optimiser ?? usual)(d);
  // Muon is for matrices with more than one row and column.
  const blocks = widths.slice(1).flatMap((units, l) => (units > 1 && widths[l] > 1 ? [`W${l + 1}`] : []));
  return {
    torch: kind.torch ?? String(optimiser.use),
    batch: d.whole(2, 9),
    model,
    loss,
    optimiser: optimiser.use === 'muon' ? { ...optimiser, blocks } : optimiser,
    x: rows(samples, inputs, 1),
    y: targets(),
    weights,
  };
}

function lossOf(d: Draw): Params {
  const use = d.one(LOSSES);
  if (use === 'cross-entropy') return { use, smoothing: 0 };
  return use === 'huber' ? { use, delta: 1 } : { use };
}

const isMatrix = (values: Run['y']): values is readonly (readonly number[])[] => Array.isArray(values[0]);
const arrayOf = (values: Run['y']): NumberArray => (isMatrix(values) ? matrix(values) : vectorOf(values as number[]));

const plugins = [network, optimisers, sgd];
const registry = createRegistry(plugins);
const memory = openMemory();

type Weights = Readonly<Record<string, readonly number[]>>;

/** @returns weights at every frame, first those before the first step */
function byEigenflow(run: Run): Weights[] {
  const arrays = { x: run.x, y: run.y, ...run.weights };
  const file: NamedArrays = arraysOf(
    Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, arrayOf(values)])),
  );
  const scenario = {
    title: 'One trajectory',
    plugins: plugins.map(({ name }) => name),
    steps: FRAMES[FRAMES.length - 1],
    model: {
      ...{ use: 'network', data: 'file', targets: run.loss.use === 'cross-entropy' ? 'classes' : 'regression' },
      ...{ standardise: 'none', test: 0, initial: 'file', ...run.model },
    },
    loss: run.loss,
    noise: { use: 'minibatch', batchSize: run.batch, order: 'cyclic' },
    optimiser: run.optimiser,
  } as unknown as Scenario;
  const load = () => file;
  const [config] = resolveScenario(scenario, registry, load).runs;
  return memory.withRoom((workspace) => {
    const simulation = createSimulation(config, registry, workspace, load);
    const { model, theta } = simulation.view;
    return [0, ...FRAMES].map((step) => {
      simulation.advance(step);
      return Object.fromEntries(blocksOf(model, theta));
    });
  });
}

/** Undefined where this PyTorch does not have the optimiser. */
interface ByTorch {
  readonly weights: readonly Weights[];
  /** How far the samples of a batch in reverse order move any weight of PyTorch's. */
  readonly rounding: readonly number[];
}

interface TorchOutput {
  readonly version: string;
  readonly runs: readonly (ByTorch | null)[];
}

function byTorch(runs: readonly Run[], folder: string): TorchOutput {
  const job = join(folder, 'job.json');
  // What eigenflow takes by default, and PyTorch's side has to be told.
  const told = runs.map((run) => ({ ...run, model: { baseWidth: 64, gamma0: 1, biasScale: 1, ...run.model } }));
  writeFileSync(job, JSON.stringify({ frames: FRAMES, runs: told }));
  const script = fileURLToPath(new URL('./optimisers_pytorch.py', import.meta.url));
  return JSON.parse(execFileSync(torchPython(), [script, job], { encoding: 'utf8', maxBuffer: 2 ** 28 }));
}

const furthest = (a: Weights, b: Weights) =>
  Math.max(...Object.keys(b).map((block) => largestDifference(a[block], b[block])));
const brief = (values: readonly number[]) => values.map((value) => Number(value.toPrecision(2))).join(', ');

/** Of one trajectory. */
interface Compared {
  readonly off: readonly number[];
  /** How far the weights have moved since the beginning. */
  readonly moved: readonly number[];
  readonly rounding: readonly number[];
}

function compare(run: Run, { weights, rounding }: ByTorch): Compared {
  const [first, ...ours] = byEigenflow(run);
  return {
    off: ours.map((at, frame) => furthest(at, weights[frame])),
    moved: weights.map((at) => furthest(first, at)),
    rounding,
  };
}

/** The frame where the deviation is the largest in units of what is allowed decides, so that all four have to agree. */
function checkOf({ what, isWrong }: Kind, all: readonly Compared[]): Check {
  const last = FRAMES.length - 1;
  const common = { what, error: Number.NaN, n: all.length, possible: NOT_NEGATIVE };
  if (isWrong) {
    // The mistake has to be found in each trajectory.
    const accepted: Interval = [TOLERANCES[last], Number.POSITIVE_INFINITY];
    const measured = Math.min(...all.map(({ off }) => off[last]));
    const tolerance = `at step ${FRAMES[last]}, the smallest of all networks: beyond what is agreement elsewhere`;
    return { ...common, expected: Number.NaN, measured, tolerance, accepted };
  }
  const largest = (of: (one: Compared) => readonly number[]) =>
    FRAMES.map((_, frame) => Math.max(...all.map((one) => of(one)[frame])));
  const off = largest((one) => one.off);
  const rounding = largest((one) => one.rounding);
  const ratios = off.map((value, frame) => value / TOLERANCES[frame]);
  const worst = ratios.reduce((best, ratio, frame) => (ratio > ratios[best] || Number.isNaN(ratio) ? frame : best), 0);
  return {
    ...common,
    expected: 0,
    measured: off[worst],
    tolerance: `at step ${FRAMES[worst]}; at all four: ${brief(off)}; PyTorch itself: ${brief(rounding)}`,
    accepted: [0, TOLERANCES[worst]],
    unit: Math.min(...all.map(({ moved }) => moved[worst])),
  };
}

/** What the last run was made with. */
let made = '';

export const optimisersPytorch: Validation = {
  title: 'Networks and optimisers: eigenflow against PyTorch',
  source:
    'PyTorch (test/validate/optimisers_pytorch.py) in float64, on the same data from the same first weights: ' +
    `${DRAWS} networks a row, whose architecture, activations, loss, batch size and hyperparameters are drawn from a ` +
    'fixed seed where the row does not say them, in cyclic batches. Compared are all weights at steps ' +
    `${FRAMES.join(', ')}; the largest deviation of any may be ${TOLERANCES.join(', ')}. Measured is that at the ` +
    'step where it comes closest to its limit; `from` is the limit as a share of how far the weights moved, in the ' +
    'network where they moved least. "PyTorch itself" is how far its weights move when the samples of every batch ' +
    'come in reverse order, which changes nothing but rounding',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'eigenflow-optimisers-'));
    try {
      const drawn = KINDS.flatMap((kind) => Array.from({ length: DRAWS }, (_, n) => ({ kind, run: drawRun(kind, n) })));
      const { version, runs } = byTorch(
        drawn.map(({ run }) => run),
        folder,
      );
      const missing: string[] = [];
      const checks = KINDS.flatMap((kind) => {
        const all = drawn.flatMap(({ kind: of, run }, i) => {
          const result = runs[i];
          return of === kind && result ? [compare(run, result)] : [];
        });
        if (all.length === 0) missing.push(kind.what);
        return all.length === 0 ? [] : [checkOf(kind, all)];
      });
      const left =
        missing.length === 0 ? '' : ` It does not have this in float64, which was left out: ${missing.join('; ')}.`;
      made = `PyTorch ${version.replace(/\+.*/, '')}.${left}`;
      return checks;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  illustrate: async () => made,
};
