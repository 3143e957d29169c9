// Which number in the names of checkpoints is the step. Names hold others: metrics, versions, seeds, precisions. The step is
// the one that varies; where several do, the one that is called so.

interface NumberInName {
  /** Letters before it, such as `step` or `val_loss`; '' for none. */
  readonly label: string;
  readonly value: number;
  /** Whether it was written with a decimal point, as metrics are. */
  readonly isDecimal: boolean;
}

/** Which number was read from each name. */
export interface StepsOfNames {
  /** What the numbers are called, such as `step`; '' where they stand alone or have several names. */
  readonly label: string;
  /** In the order of the names; undefined for a name without one. */
  readonly numbers: readonly (number | undefined)[];
}

const NUMBER = /\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3}(?![A-Za-z\d]))?/g;
const LABEL = /([A-Za-z]+(?:_[A-Za-z]+)*)[^A-Za-z\d]*$/;

/** Names of the step, the best first. */
const STEP_LABELS = [
  /steps?$/,
  /(^|_)(it|iters?|iterations?|updates?)$/,
  /epochs?$|(^|_)ep$/,
  /(checkpoints?|ckpts?|chkpts?)$/,
];
const rankOf = (label: string) => {
  const rank = STEP_LABELS.findIndex((pattern) => pattern.test(label));
  return rank < 0 ? STEP_LABELS.length : rank;
};

function numbersIn(name: string): NumberInName[] {
  let end = 0;
  return [...name.matchAll(NUMBER)].map(({ 0: digits, index }) => {
    const label = LABEL.exec(name.slice(end, index))?.[1].toLowerCase() ?? '';
    end = index + digits.length;
    return { label, value: Number(digits), isDecimal: digits.includes('.') };
  });
}

/** Numbers by what they are called; the second of a label has a key of its own. */
function byKey(numbers: readonly NumberInName[]): Map<string, NumberInName> {
  const found = new Map<string, NumberInName>();
  for (const number of numbers) {
    let key = number.label;
    for (let again = 2; found.has(key); again++) key = `${number.label} ${again}`;
    found.set(key, number);
  }
  return found;
}

interface Candidate {
  readonly key: string;
  readonly label: string;
  readonly values: readonly NumberInName[];
}

/** Lower is better: a step by its name; then whole numbers; then what is different in every name. */
function order({ label, values }: Candidate): readonly number[] {
  const isMetric = values.some(({ isDecimal }) => isDecimal) && rankOf(label) === STEP_LABELS.length;
  return [rankOf(label), isMetric ? 1 : 0, new Set(values.map(({ value }) => value)).size < values.length ? 1 : 0];
}

const compare = (a: readonly number[], b: readonly number[]) => a.map((x, i) => x - b[i]).find((d) => d !== 0) ?? 0;

/** Of a name alone: what is called a step, or the last number that is no metric. */
function ownNumber(numbers: readonly NumberInName[]): NumberInName | undefined {
  const best = Math.min(...numbers.map(({ label }) => rankOf(label)));
  if (best < STEP_LABELS.length) return numbers.find(({ label }) => rankOf(label) === best);
  return numbers.findLast(({ isDecimal }) => !isDecimal) ?? numbers.at(-1);
}

/**
 * @param names without endings, of files or folders
 * @returns undefined where several numbers vary and none of them is called a step: any choice would be a guess
 */
export function stepsOfNames(names: readonly string[]): StepsOfNames | undefined {
  const all = names.map(numbersIn);
  const keyed = all.map(byKey);
  const shared = [...(keyed[0]?.keys() ?? [])].filter((key) => keyed.every((numbers) => numbers.has(key)));
  const candidates = shared
    .map((key): Candidate => {
      const values = keyed.map((numbers) => numbers.get(key) as NumberInName);
      return { key, label: values[0].label, values };
    })
    .filter(({ values }) => values.some(({ value }) => value !== values[0].value))
    .sort((a, b) => compare(order(a), order(b)));
  const [first, second] = candidates;
  if (first !== undefined) {
    if (second !== undefined && compare(order(first), order(second)) === 0) return undefined;
    return { label: first.label, numbers: first.values.map(({ value }) => value) };
  }
  const own = all.map(ownNumber);
  const labels = new Set(own.map((number) => number?.label ?? ''));
  return { label: labels.size === 1 ? [...labels][0] : '', numbers: own.map((number) => number?.value) };
}
