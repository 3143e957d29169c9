// The largest Lyapunov exponent of the published network over initial width and temperature: where training turns chaotic.
import lyapunovMap from '../../scenarios/lyapunov-map.js';
import { ANY, about, above, below, type Check, median, type Validation } from './check.js';
import { compute } from './study.js';

const BATCH = 4;
const ORDERED = [1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2];
/** Exponents per epoch within which the ordered regime counts as zero. */
const ZERO = 5e-4;
const CHAOTIC = 0.02;
/** Scale of the exponents at T = 2. */
const CHAOTIC_AT_TWO = 5;

interface Exponent {
  readonly width: number;
  readonly temperature: number;
  readonly value: number;
  readonly error: number;
}

const largest = (list: readonly Exponent[]) => list.reduce((a, b) => (b.value > a.value ? b : a));
const smallest = (list: readonly Exponent[]) => list.reduce((a, b) => (b.value < a.value ? b : a));

function zero(what: string, list: readonly Exponent[], limit: number): Check {
  const extreme = list.reduce((a, b) => (Math.abs(b.value) > Math.abs(a.value) ? b : a));
  return {
    what: `${what}: exponent of largest modulus (width ${extreme.width}, T ${extreme.temperature})`,
    expected: 0,
    measured: extreme.value,
    error: extreme.error,
    n: list.length,
    tolerance: `${limit}, or 3 errors`,
    possible: ANY,
    accepted: about(0, Math.max(limit, 3 * extreme.error)),
    unit: CHAOTIC,
  };
}

/** The smallest exponent is above `least` by 3 errors. */
function positive(what: string, list: readonly Exponent[], least: number): Check {
  const { width, temperature, value, error } = smallest(list);
  return {
    what: `${what}: smallest exponent (width ${width}, T ${temperature})`,
    expected: least,
    measured: value,
    error,
    n: list.length,
    tolerance: 'above, by 3 errors',
    possible: ANY,
    accepted: above(least + 3 * error),
  };
}

async function measureAll(): Promise<Exponent[]> {
  const { rows, last } = await compute({ ...lyapunovMap });
  return rows.map((row) => ({
    width: row.axes['model.initialWidth'] as number,
    temperature: (row.axes['optimiser.learningRate'] as number) / BATCH,
    value: last(row, 'exponent.perEpoch')[0],
    error: last(row, 'exponent.perEpochError')[0],
  }));
}

/** One row for each temperature, one column for each width, all realisations of a cell with their errors. */
function cellTable(list: readonly Exponent[]): string {
  const widths = [...new Set(list.map(({ width }) => width))];
  const temperatures = [...new Set(list.map(({ temperature }) => temperature))];
  const text = ({ value, error }: Exponent) =>
    `${value.toFixed(Math.abs(value) < 0.01 ? 5 : 3)} (${error.toPrecision(1)})`;
  const rows = temperatures.map((temperature) => {
    const cells = widths.map((width) =>
      list
        .filter((one) => one.width === width && one.temperature === temperature)
        .map(text)
        .join(', '),
    );
    return `| ${[temperature, ...cells].join(' | ')} |`;
  });
  const head = `| T \\ initial width | ${widths.join(' | ')} |\n|${'---|'.repeat(widths.length + 1)}`;
  return [head, ...rows].join('\n');
}

let exponents: Exponent[] = [];

export const lyapunov: Validation = {
  title: 'Largest Lyapunov exponent of the training map',
  source:
    'an independent implementation (500 epochs of training, 500 of measurement, two realisations a cell, separation ' +
    '1e-7 renormalised once per epoch): zero up to T = 1/2, positive from T = 2, from T = 8 on at least 11 per epoch, ' +
    'where that separation saturates',
  async run() {
    exponents = await measureAll();
    const narrow = exponents.filter(({ width }) => width <= 4);
    const wide = exponents.filter(({ width }) => width > 4);
    const at = (list: readonly Exponent[], temperatures: readonly number[]) =>
      list.filter(({ temperature }) => temperatures.includes(temperature));
    const middle = (what: string, list: readonly Exponent[], least: number, most: number): Check => {
      const value = median(list.map((one) => one.value));
      return {
        what: `${what}: median exponent`,
        expected: (least + most) / 2,
        measured: value,
        error: Number.NaN,
        n: list.length,
        tolerance: `between ${least} and ${most}`,
        possible: ANY,
        accepted: [least, most],
        // The exponents beyond, at T = 2.
        unit: CHAOTIC_AT_TWO,
      };
    };
    const chaotic = largest(at(narrow, [1]));
    return [
      ...ORDERED.map((temperature) => zero(`width <= 4, T = ${temperature}`, at(narrow, [temperature]), ZERO)),
      middle('width <= 4, T = 1', at(narrow, [1]), -ZERO, CHAOTIC),
      {
        what: `width <= 4, T = 1: largest exponent (width ${chaotic.width})`,
        expected: CHAOTIC,
        measured: chaotic.value,
        error: chaotic.error,
        n: at(narrow, [1]).length,
        tolerance: 'below 1',
        possible: ANY,
        accepted: below(1),
        unit: CHAOTIC_AT_TWO,
      },
      positive('width <= 4, T = 2', at(narrow, [2]), CHAOTIC),
      positive('width <= 4, T = 4', at(narrow, [4]), CHAOTIC),
      ...[8, 16, 32, 64].map((temperature) =>
        positive(`width <= 4, T = ${temperature}`, at(narrow, [temperature]), 11),
      ),
      ...ORDERED.map((temperature) => zero(`width >= 8, T = ${temperature}`, at(wide, [temperature]), 1e-3)),
      middle('width >= 8, T = 1', at(wide, [1]), -1e-3, 0.11),
      ...[8, 16, 32, 64].map((temperature) => positive(`width >= 8, T = ${temperature}`, at(wide, [temperature]), 2)),
    ];
  },
  async illustrate() {
    return [
      '![Largest Lyapunov exponent over initial width and temperature](../images/lyapunov.png)',
      '',
      'Exponents per epoch of all realisations, with the standard error over 20 blocks of 25 epochs in brackets:',
      '',
      cellTable(exponents),
    ].join('\n');
  },
};
