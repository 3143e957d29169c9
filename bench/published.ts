/** Section 1: the published step, with proof that all forms compute the same. */
import { openWorkspace } from '../core/kernels/arena.js';
import { createFramework } from './framework.js';
import { type Contender, clock, clockAsync, type Timing, takeTurns } from './measure.js';
import { checksum, createProblem, type Problem } from './problem.js';
import { compileC, kernelStepper, plainStepper, type Stepper, tapeStepper } from './steps.js';

/** A few milliseconds: on a busy machine some of many short turns are left alone, and the fastest of them counts. */
const STEPS = 5000;
const TURNS_EACH = 6;
/** 1000 epochs: as long as a cell of the phase diagram in the scenario that people start with. */
const FRAMEWORK_STEPS = 1_000_000;
const FRAMEWORK_TURNS = 7;
/** Small, so that rounding does not grow, yet large enough to move the weights visibly in CHECK_STEPS. */
const RATE = 1e-3;
const CHECK_STEPS = 3000;
/** Room for the problem and for what every run of the framework carves. */
const BYTES = 2 ** 27;

export interface Published {
  readonly size: string;
  readonly timings: Timing[];
  /** Of the kernels as the engine plays them, medians. Null without gcc. */
  readonly ratioToC: number | null;
  /** Of the fastest turns, which a busy machine disturbs less. */
  readonly fastestToC: number | null;
  readonly ratioToPlain: number;
  readonly compiler: string;
  /** Largest relative difference of the checksums after CHECK_STEPS steps. */
  readonly disagreement: number;
  readonly framework: Framework;
}

/** Plugins, engine and observers at 21 points against the bare kernels, both over FRAMEWORK_STEPS steps. */
export interface Framework {
  readonly steps: number;
  readonly timings: Timing[];
  /** Of medians. */
  readonly ratioToKernels: number;
  readonly fastestToKernels: number;
}

function checked(problem: Problem, stepper: Stepper): [number, number] {
  problem.reset();
  stepper(CHECK_STEPS, RATE);
  const sums = checksum(problem.weights);
  if (sums[0] === checksum(problem.start)[0]) throw new Error('the weights did not move');
  return sums;
}

export async function measurePublished(turns: number): Promise<Published> {
  const workspace = openWorkspace(BYTES);
  const problem = createProblem(workspace);
  const kernels = kernelStepper(problem);
  const tape = tapeStepper(problem);
  const plain = plainStepper(problem);
  const framework = createFramework(problem, workspace);
  const program = compileC(problem);

  const ours = checked(problem, kernels);
  const others = [checked(problem, plain), checked(problem, tape)];
  if (typeof program !== 'string') {
    const { sum, squares } = program.run(CHECK_STEPS, RATE);
    others.push([sum, squares]);
  }
  const disagreement = Math.max(...others.flatMap((o) => o.map((x, i) => Math.abs(x / ours[i] - 1))));
  if (!(disagreement < 1e-6)) throw new Error(`the programs disagree by ${disagreement}: they do different work`);
  if (String(checksum(await framework(CHECK_STEPS, RATE))) !== String(ours)) {
    throw new Error('the framework has other bits than the kernels that it calls');
  }

  const timed = (name: string, stepper: Stepper, steps = STEPS): Contender => ({
    name,
    measure() {
      problem.reset();
      return clock(steps, () => stepper(steps, RATE));
    },
  });
  const contenders = [timed('kernels', kernels), timed('plain JavaScript', plain), timed('kernels, played', tape)];
  if (typeof program !== 'string') {
    contenders.push({ name: 'C', measure: () => program.run(STEPS, RATE).nanoseconds });
  }
  const timings = await takeTurns(contenders, TURNS_EACH * turns);
  if (typeof program !== 'string') program.remove();
  const [k, p, played, c] = timings.map((t) => t.median);

  const whole = { name: 'whole framework', measure: () => clockAsync(FRAMEWORK_STEPS, (n) => framework(n, RATE)) };
  const long = await takeTurns(
    [timed('bare kernels', kernels, FRAMEWORK_STEPS), whole],
    Math.min(turns, FRAMEWORK_TURNS),
  );
  const [bare, all] = long;
  return {
    size: 'W 16 x 32, batch 4, tanh, 4000 samples',
    timings,
    ratioToC: c === undefined ? null : played / c,
    fastestToC: c === undefined ? null : timings[2].fastest / timings[3].fastest,
    ratioToPlain: k / p,
    compiler: typeof program === 'string' ? program : program.compiler,
    disagreement,
    framework: {
      steps: FRAMEWORK_STEPS,
      timings: long,
      ratioToKernels: all.median / bare.median,
      fastestToKernels: all.fastest / bare.fastest,
    },
  };
}
