// Outputs of a model of classes, read as classes: what accuracy and margins share.
import { EigenflowError, type Environment, FULL_BATCH_CHUNK, type RunView, type Vector } from 'eigenflow';

/** Samples of one part of the data, in chunks. */
export interface ClassSamples {
  readonly samples: number;
  /**
   * Visits every sample at the weights as they stand.
   *
   * @param visit given the class of the sample, the class that the outputs name, and the margin (see `margins`)
   */
  each(visit: (label: number, named: number, margin: number) => void): void;
}

/** @throws EigenflowError `component` when the model is no model of classes */
export function requireClasses({ model }: RunView, observer: string): void {
  if (model.task === 'classes') return;
  const why =
    model.task === 'regression'
      ? "the targets of this model are numbers; give it labels (`targets: 'classes'`), or observe a loss"
      : 'this model does not say that its targets are classes';
  throw new EigenflowError('component', 'observers', `${observer} needs classes, and ${why}`);
}

/** The first of the largest of `width` numbers. */
function largestOf(values: Vector, from: number, width: number): number {
  let best = 0;
  for (let k = 1; k < width; k++) if (values[from + k] > values[from + best]) best = k;
  return best;
}

type Room = Pick<Environment, 'arena' | 'kernels'>;

/** The output of a single-output model at which its loss is the same for both labels. */
function createThreshold({ model, loss }: RunView, { arena }: Room): (labels: readonly number[]) => number {
  const pass = loss.open(1, model.outputs);
  const [out, target, dOut, value] = Array.from({ length: 4 }, () => arena.vector(1));
  const one = arena.vector(1).fill(1);
  return ([low, high]) => {
    const excess = (at: number) => {
      out[0] = at;
      const of = (label: number) => {
        target[0] = label;
        pass.valueAndGradient(out, target, one, 1, dOut, value);
        return value[0];
      };
      return of(low) - of(high);
    };
    // The two labels differ by at most 2, and every loss that tells them apart does so between them.
    let [below, above] = [low - 1, high + 1];
    for (let i = 0; i < 60; i++) {
      const middle = (below + above) / 2;
      if (excess(middle) > 0) above = middle;
      else below = middle;
    }
    return (below + above) / 2;
  };
}

function createReading(run: RunView, room: Room): (out: Vector, target: Vector, s: number) => [number, number, number] {
  const { outputs: width } = run.model;
  if (width === 1) {
    const threshold = createThreshold(run, room)([0, 1]);
    return (out, target, s) => {
      const label = Number(target[s] > 0);
      const above = out[s] - threshold;
      return [label, Number(above > 0), label === 1 ? above : -above];
    };
  }
  return (out, target, s) => {
    const from = s * width;
    const label = largestOf(target, from, width);
    let best = Number.NEGATIVE_INFINITY;
    // Unlike a comparison, it keeps NaN.
    for (let k = 0; k < width; k++) if (k !== label) best = Math.max(best, out[from + k]);
    return [label, largestOf(out, from, width), out[from + label] - best];
  };
}

/** Training samples and held-out inputs as classes; called in `create`, parts that there are not are undefined. */
export function openClasses(
  run: RunView,
  environment: Room,
): { readonly train: ClassSamples | undefined; readonly test: ClassSamples | undefined } {
  const { arena } = environment;
  const { model, theta } = run;
  const { outputs, samples, heldOut } = model;
  const read = createReading(run, environment);
  const parts: { train?: ClassSamples; test?: ClassSamples } = {};
  if (Number.isFinite(samples)) {
    const chunk = Math.min(FULL_BATCH_CHUNK, samples);
    const pass = model.open(chunk);
    const batch = arena.indices(chunk);
    const [out, target] = [arena.vector(chunk * outputs), arena.vector(chunk * outputs)];
    parts.train = {
      samples,
      each(visit) {
        for (let first = 0; first < samples; first += chunk) {
          const n = Math.min(chunk, samples - first);
          for (let s = 0; s < n; s++) batch[s] = first + s;
          pass.forward(theta, batch, n, out);
          pass.targets(batch, n, target);
          for (let s = 0; s < n; s++) visit(...read(out, target, s));
        }
      },
    };
  }
  if (heldOut) {
    const [out, target] = [arena.vector(heldOut.samples * outputs), arena.vector(heldOut.samples * outputs)];
    parts.test = {
      samples: heldOut.samples,
      each(visit) {
        heldOut.forward(theta, out);
        heldOut.targets(target);
        for (let s = 0; s < heldOut.samples; s++) visit(...read(out, target, s));
      },
    };
  }
  return { train: parts.train, test: parts.test };
}
