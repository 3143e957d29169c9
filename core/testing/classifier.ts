// What a classifier promises: a verdict on any run, whatever was measured and however it ended.

import type { Axis, Classifier, RunRecord, RunStatus, Series, SweepVerdict, Verdict } from '../contracts/classifier.js';
import { power } from '../kernels/elementary.js';
import { classifySweep } from '../phases/phase-map.js';
import { mapFault, verdictFault } from '../phases/verdict-faults.js';
import { type Check, ensure, sameBits } from './check.js';
import { openClassifier as open, type Subject } from './stage.js';

const STATUSES: readonly RunStatus[] = ['completed', 'diverged', 'saturated', 'failed'];
const FRAMES = 3;
const STEPS_PER_FRAME = 100;

/** Numbers of a series by frame and index; undefined when nothing was measured. */
type Filling = ((frame: number, index: number) => number) | undefined;

const FILLINGS: Readonly<Record<string, Filling>> = {
  'nothing measured': undefined,
  zeros: () => 0,
  'equal numbers': () => 1,
  'falling numbers': (frame, index) => 1 / (1 + index) / power(100, frame),
  'rising numbers': (frame, index) => power(100, frame) / (1 + index),
  'negative numbers': (frame, index) => -1 - frame - index,
  NaN: () => Number.NaN,
  'numbers that end in NaN': (frame) => (frame === FRAMES - 1 ? Number.NaN : 1),
  'numbers that end in Infinity': (frame) => (frame === FRAMES - 1 ? Number.POSITIVE_INFINITY : 1),
};

function seriesOf(shape: readonly number[], frames: number, value: NonNullable<Filling>): Series {
  const size = shape.reduce((product, length) => product * length, 1);
  const steps = Float64Array.from({ length: frames }, (_, frame) => frame * STEPS_PER_FRAME);
  return {
    shape,
    data: Float64Array.from({ length: frames * size }, (_, k) => value(Math.floor(k / size), k % size)),
    step: steps,
    epoch: steps.map((step) => step / STEPS_PER_FRAME),
    time: steps.map((step) => step / 10),
  };
}

/** Makes up a run, and remembers what was asked for. */
function record(
  { options }: Subject,
  status: RunStatus,
  filling: Filling,
  frames: number,
): RunRecord & { readonly asked: Set<string>; readonly given: Map<string, Series> } {
  const asked = new Set<string>();
  const given = new Map<string, Series>();
  return {
    id: 'made-up',
    axes: { 'optimiser.learningRate': 1 },
    seed: 0,
    status,
    steps: (frames - 1) * STEPS_PER_FRAME,
    parameter: (path) => options.parameters?.[path],
    asked,
    given,
    series(need) {
      asked.add(need);
      if (!filling) return undefined;
      const series = given.get(need) ?? seriesOf(options.shapes?.[need] ?? [], frames, filling);
      given.set(need, series);
      return series;
    },
  };
}

/** Every status with every filling, as a whole series and as a single frame. */
function records(subject: Subject) {
  return STATUSES.flatMap((status) =>
    Object.entries(FILLINGS).flatMap(([what, filling]) =>
      [FRAMES, 1].map((frames) => ({
        what: `a run that ${status} with ${what} in ${frames} frames`,
        run: record(subject, status, filling, frames),
      })),
    ),
  );
}

const AXES: readonly Axis[] = [{ name: 'optimiser.learningRate', values: [1, 2], group: 0 }];

function judge(classifier: Classifier, runs: readonly RunRecord[]): SweepVerdict {
  return classifySweep(classifier, runs, AXES);
}

const classify = (classifier: Classifier, runs: readonly RunRecord[]) => judge(classifier, runs).runs;

const flat = ({ label, probabilities, evidence }: Verdict) => ({
  label,
  numbers: [...Object.values(probabilities), ...Object.values(evidence)],
});

export function classifierChecks(subject: Subject): readonly Check[] {
  return [
    {
      name: 'has labels and says what it needs',
      run() {
        const { labels, needs, scope } = open(subject);
        ensure(labels.length > 0 && labels.every((label) => label !== ''), 'there are no labels');
        ensure(new Set(labels).size === labels.length, `a label stands twice: ${labels.join(', ')}`);
        for (const need of needs) {
          ensure(
            /^[a-z][a-z0-9-]*\.[A-Za-z][A-Za-z0-9_-]*$/.test(need),
            `"${need}" is not of the form component.channel`,
          );
        }
        ensure(scope === 'run' || scope === 'sweep', `the scope "${scope}" is neither run nor sweep`);
      },
    },
    {
      name: 'gives a verdict on every run',
      run() {
        const classifier = open(subject);
        const cases = records(subject);
        const map = judge(
          classifier,
          cases.map(({ run }) => run),
        );
        const verdicts = map.runs;
        ensure(verdicts.length === cases.length, `${verdicts.length} verdicts on ${cases.length} runs`);
        verdicts.forEach((verdict, i) => {
          const fault = verdictFault(verdict, classifier.labels);
          ensure(fault === undefined, `${cases[i].what}: ${fault}`);
        });
        const fault = mapFault(map, classifier.labels, cases.length);
        ensure(fault === undefined, `${fault}`);
        ensure(classify(classifier, []).length === 0, 'no runs, yet a verdict');
      },
    },
    {
      name: 'gives the same verdict again',
      run() {
        const runs = records(subject).map(({ run }) => run);
        const first = classify(open(subject, 0), runs).map(flat);
        const second = classify(open(subject, 1), runs).map(flat);
        first.forEach(({ label, numbers }, i) => {
          ensure(label === second[i].label, `${label} the first time, ${second[i].label} the second`);
          ensure(sameBits(numbers, second[i].numbers), 'other probabilities or evidence the second time');
        });
      },
    },
    {
      name: 'asks for what it needs only, and leaves it as it is',
      run() {
        const classifier = open(subject);
        const runs = records(subject).map(({ run }) => run);
        for (const run of runs) for (const need of classifier.needs) run.series(need);
        const before = runs.map((run) => [...run.given].map(([need, { data }]) => ({ need, data: data.slice() })));
        classify(classifier, runs);
        runs.forEach((run, i) => {
          const extra = [...run.asked].find((need) => !classifier.needs.includes(need));
          ensure(extra === undefined, `asks for ${extra}, which is not among its needs`);
          for (const { need, data } of before[i]) {
            ensure(sameBits(run.given.get(need)?.data ?? [], data), `changes the series ${need}`);
          }
        });
      },
    },
  ];
}
