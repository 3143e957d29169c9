/** Section 1: the published step, with proof that all forms compute the same. */
import { type Contender, clock, type Timing, takeTurns } from './measure.js';
import { checksum, createProblem, type Problem } from './problem.js';
import { compileC, kernelStepper, plainStepper, type Stepper } from './steps.js';

const STEPS = 100_000;
/** Small, so that rounding does not grow, yet large enough to move the weights visibly in CHECK_STEPS. */
const RATE = 1e-3;
const CHECK_STEPS = 3000;

export interface Published {
  readonly size: string;
  readonly timings: Timing[];
  /** Of medians. Null without gcc. */
  readonly ratioToC: number | null;
  /** Of the fastest turns, which a busy machine disturbs less. */
  readonly fastestToC: number | null;
  readonly ratioToPlain: number;
  readonly compiler: string;
  /** Largest relative difference of the checksums after CHECK_STEPS steps. */
  readonly disagreement: number;
  /** Not measured here yet: see the note in `measurePublished`. */
  readonly framework: null;
}

function checked(problem: Problem, stepper: Stepper): [number, number] {
  problem.reset();
  stepper(CHECK_STEPS, RATE);
  const sums = checksum(problem.weights);
  if (sums[0] === checksum(problem.start)[0]) throw new Error('the weights did not move');
  return sums;
}

export function measurePublished(turns: number): Published {
  const problem = createProblem();
  const kernels = kernelStepper(problem);
  const plain = plainStepper(problem);
  const program = compileC(problem);

  const ours = checked(problem, kernels);
  const others = [checked(problem, plain)];
  if (typeof program !== 'string') {
    const { sum, squares } = program.run(CHECK_STEPS, RATE);
    others.push([sum, squares]);
  }
  const disagreement = Math.max(...others.flatMap((o) => o.map((x, i) => Math.abs(x / ours[i] - 1))));
  if (!(disagreement < 1e-6)) throw new Error(`the programs disagree by ${disagreement}: they do different work`);

  const timed = (name: string, stepper: Stepper): Contender => ({
    name,
    measure() {
      problem.reset();
      return clock(STEPS, (steps) => stepper(steps, RATE));
    },
  });
  const contenders = [timed('kernels', kernels), timed('plain JavaScript', plain)];
  if (typeof program !== 'string') {
    contenders.push({ name: 'C', measure: () => program.run(STEPS, RATE).nanoseconds });
  }
  // PLACE FOR THE FRAMEWORK: a contender that runs this problem through the engine (scenario, noise model, optimiser),
  // checked by the same checksum. To be added with the engine; until then `framework` is null, not a guess.
  const timings = takeTurns(contenders, turns);
  if (typeof program !== 'string') program.remove();
  const [k, p, c] = timings.map((t) => t.median);
  return {
    size: 'W 16 x 32, batch 4, tanh, 4000 samples',
    timings,
    ratioToC: c === undefined ? null : k / c,
    fastestToC: c === undefined ? null : timings[0].fastest / timings[2].fastest,
    ratioToPlain: k / p,
    compiler: typeof program === 'string' ? program : program.compiler,
    disagreement,
    framework: null,
  };
}
