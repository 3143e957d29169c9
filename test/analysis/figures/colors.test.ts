// One scale of colours for cells, colour bar, legend and terminal: signs are told apart, every colour of a legend is in its
// map, a phase has one colour, and a terminal gets what it can show.
import fc from 'fast-check';
import { type GroupMark, parse, type Spec, View } from 'vega';
import { describe, expect, test } from 'vitest';
import { colorScale, usualLinearWithin } from '../../../analysis/figures/draw/color-scale.js';
import { heatMapPanel } from '../../../analysis/figures/draw/heat-map-panel.js';
import { type HeatMapRun, type HeatMapTable, tabulateHeatMap } from '../../../analysis/figures/draw/heat-map-table.js';
import { linePlot, tabulateLines } from '../../../analysis/figures/draw/line-table.js';
import { CATEGORIES, channels, labelColors } from '../../../analysis/figures/draw/palette.js';
import { plotPanel } from '../../../analysis/figures/draw/plot-panel.js';
import type { LeftOut } from '../../../analysis/figures/draw/sample.js';
import { TEXT } from '../../../analysis/figures/draw/style.js';
import { colorDepth, onColor } from '../../../cli/terminal-color.js';
import { terminalMap } from '../../../cli/terminal-map.js';
import { PHASES } from '../../../core/contracts/classifier.js';

const run = (x: number, y: number, value: number, leftOut?: LeftOut): HeatMapRun => ({ x, y, value, leftOut });
const values = (of: readonly number[]) => ({ values: of, divisors: of.map(() => 1) });

function mapOf(runs: readonly HeatMapRun[], color: 'linear' | 'symlog' = 'linear', seeds = 1): HeatMapTable {
  const xs = [...new Set(runs.map(({ x }) => x as number))];
  const ys = [...new Set(runs.map(({ y }) => y as number))];
  return tabulateHeatMap(
    { kind: 'heat-map', name: 'm', value: 'a.b', color, x: { axis: 'x' }, y: { axis: 'y' } },
    { xValues: values(xs), yValues: values(ys), seeds, runs, title: 'T', where: '', valueLabel: 'exponent' },
  );
}

/** Numbers and marks of a panel, by name of the data. */
const dataOf = (table: HeatMapTable) =>
  new Map(
    (heatMapPanel(table, 314).body.data as { name: string; values: Record<string, unknown>[] }[]).map(
      ({ name, values: held }) => [name, held],
    ),
  );

const isPurple = (color: string) => {
  const [red, , blue] = channels(color);
  return blue > red;
};

describe('a symmetric logarithmic scale', () => {
  const spec = { color: 'symlog', limits: [-6e-4, 1.2], center: 0, linearWithin: 1e-4 } as const;

  test('has another hue on either side of zero, however small the number is', () => {
    const { colorOf } = colorScale(spec);
    // On the linear scale from -6e-4 to 1.2 both of these were the same black.
    expect(isPurple(colorOf(-3e-4))).toBe(true);
    expect(isPurple(colorOf(3e-4))).toBe(false);
  });

  test('is increasing, and its bar leads back to the value', () => {
    const { place, valueAt } = colorScale(spec);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (part) => {
        expect(place(valueAt(part))).toBeCloseTo(part, 9);
      }),
    );
    expect([-6e-4, 0, 1e-3, 1.2].map(place).every((at, i, all) => i === 0 || at > all[i - 1])).toBe(true);
  });

  test('has zero among its ticks, and powers of ten on either side', () => {
    const ticks = colorScale(spec).ticks(7);
    expect(ticks.map(({ label }) => label)).toEqual(['−10⁻⁴', '0', '10⁻⁴', '10⁻³', '10⁻²', '10⁻¹', '10⁰']);
  });

  test('is linear within about the smallest number, and no less than a ten thousandth of the largest', () => {
    expect(usualLinearWithin([0.02, -3, Number.NaN, 0], 0)).toBe(0.01);
    expect(usualLinearWithin([1e-12, 2], 0)).toBe(1e-4);
    expect(usualLinearWithin([], 0)).toBe(1);
  });

  test('hatches the cells of which the sign is open', () => {
    const seeds = [-1, 2, 3].map((value) => run(1, 1, value));
    const table = mapOf([...seeds, ...[4, 5, 6].map((value) => run(2, 1, value))], 'symlog', 3);
    expect(table.cells.map(({ uncertain }) => uncertain)).toEqual([true, false]);
    expect(table.uncertainty).toBe('band over seeds includes 0');
  });
});

test('marks of a legend stand on a colour that they have in the map', () => {
  const runs = [1, 2, 3, 4].flatMap((x) => [run(x, 1, x), run(x, 1, x, x === 4 ? 'diverged' : undefined)]);
  const table = mapOf(runs, 'symlog', 2);
  const { body } = heatMapPanel(table, 314);
  const shown = (dataOf(table).get('present') ?? []).map(({ color }) => color);
  const patches = (body.marks ?? []).flatMap((mark) => {
    const { fill, width } = (mark as GroupMark).encode?.enter ?? {};
    const held = fill as { value?: string } | undefined;
    return (width as { value?: number } | undefined)?.value === 11 && held?.value !== undefined ? [held.value] : [];
  });
  expect(patches.length).toBeGreaterThan(0);
  for (const patch of patches) expect(shown).toContain(patch);
});

describe('a cell without a value', () => {
  const table = mapOf([
    run(1, 1, 1),
    run(2, 1, 1, 'failed'),
    run(3, 1, 1, 'missing'),
    run(4, 1, Number.NaN),
    run(5, 1, 1, 'diverged'),
    run(6, 1, 1, 'not stored'),
  ]);

  test('says its own reason in the terminal, by a character of its own', () => {
    const lines = terminalMap(table, { depth: 1 }).split('\n');
    expect(lines).toContain('!  no value: failed');
    expect(lines).toContain('?  no value: not run');
    expect(lines).toContain('~  no value: not finite');
    expect(lines).toContain('x  no value: diverged');
    expect(lines).toContain('/  no value: not stored');
  });

  test('has strokes of its own in the figure', () => {
    const strokes = dataOf(table).get('strokes') ?? [];
    const near = (x: number) =>
      strokes.filter((each) => Math.abs(((each.x as number) + (each.x2 as number)) / 2 - x) < 0.6);
    expect([2, 3, 4, 5, 6].map((x) => near(x).length)).toEqual([1, 0, 1, 2, 2]);
  });
});

test('a point that lacks runs is hollow and says how many it has', () => {
  const table = tabulateLines(
    { kind: 'line', name: 'l', value: 'a.b', x: { axis: 'x' } },
    {
      xValues: values([1, 2]),
      seeds: 2,
      runs: [run(1, 0, 1), run(1, 0, 2), run(2, 0, 3), run(2, 0, 4, 'diverged')],
      title: 'T',
      where: '',
      valueLabel: 'b',
    },
  );
  expect(linePlot(table).curves[0].points.map(({ incomplete }) => incomplete)).toEqual([undefined, 1]);
});

test('on an error bar that number stands above its end, inside the frame', async () => {
  const seeds = [1, 2, 4, 8].map((value, seed) => run(1, seed, value));
  const lacking = [run(2, 0, 30), run(2, 1, 50), run(2, 2, 90), run(2, 3, 7, 'diverged')];
  const table = tabulateLines(
    { kind: 'line', name: 'l', value: 'a.b', x: { axis: 'x' }, errors: 'bars' },
    {
      xValues: values([1, 2]),
      seeds: 4,
      runs: [...seeds, ...lacking],
      title: 'T',
      where: '',
      valueLabel: 'b',
    },
  );
  const { body } = plotPanel(linePlot(table), 300);
  const view = new View(parse({ data: body.data, scales: body.scales, marks: body.marks } as Spec), {
    renderer: 'none',
  });
  await view.runAsync();
  interface Item {
    readonly marktype?: string;
    readonly text?: unknown;
    readonly y?: number;
    readonly y2?: number;
    readonly opacity?: number;
    readonly items?: readonly Item[];
  }
  const all = (item: Item): Item[] => [item, ...(item.items ?? []).flatMap(all)];
  const items = all((view.scenegraph() as unknown as { root: Item }).root);
  const count = items.find(({ text }) => text === 3 || text === '3');
  const tops = items
    .filter(({ y2, opacity }) => y2 !== undefined && opacity === 1)
    .map(({ y = 0, y2 = 0 }) => Math.min(y, y2));
  expect(tops).toHaveLength(2);
  expect(count?.y).toBeLessThan(Math.min(...tops));
  expect(count?.y).toBeGreaterThan(TEXT.small);
});

describe('colours of labels', () => {
  test('are those of the phase, whatever the other labels of a classifier are, and never shared', () => {
    const phases = labelColors(PHASES);
    expect(labelColors(['jammed', 'ordered']).get('ordered')).toBe(phases.get('ordered'));
    const mixed = labelColors(['chaotic', 'jammed', 'ordered']);
    expect(mixed.get('jammed')).toBe(phases.get('jammed'));
    expect(new Set(mixed.values()).size).toBe(3);
  });

  test('do not end', () => {
    const many = labelColors(Array.from({ length: 20 }, (_, i) => `label ${i}`));
    for (const color of many.values()) expect(CATEGORIES).toContain(color);
  });
});

describe('a terminal', () => {
  const tty = { isTTY: true };
  test.each([
    ['a pipe', {}, {}, 1],
    ['a pipe that is told to', {}, { FORCE_COLOR: '3' }, 24],
    ['a pipe with 256 colours', {}, { FORCE_COLOR: '2' }, 8],
    ['a terminal of 24 bits', tty, { TERM: 'xterm-256color', COLORTERM: 'truecolor' }, 24],
    ['a terminal of 256 colours', tty, { TERM: 'xterm-256color' }, 8],
    ['a terminal of 16 colours', tty, { TERM: 'xterm' }, 4],
    ['a terminal whose user wants none', tty, { TERM: 'xterm-256color', NO_COLOR: '1' }, 1],
    ['a terminal that is told not to', tty, { TERM: 'xterm-256color', FORCE_COLOR: '0' }, 1],
    ['a dumb terminal', tty, { TERM: 'dumb' }, 1],
  ])('%s', (_what, stream, env, depth) => {
    expect(colorDepth(stream, env as NodeJS.ProcessEnv)).toBe(depth);
  });

  test('gets the colour of the figure, or the nearest that it has, with an ink that is read on it', () => {
    expect(onColor('a', '#d55e00', 1)).toBe('a');
    expect(onColor('a', '#d55e00', 24)).toBe('\u001b[48;2;213;94;0;30ma\u001b[0m');
    expect(onColor('a', '#d55e00', 8)).toBe('\u001b[48;5;166;30ma\u001b[0m');
    expect(onColor('a', '#000004', 4)).toBe('\u001b[40;97ma\u001b[0m');
    expect(onColor('a', '#ffffff', 4)).toBe('\u001b[107;30ma\u001b[0m');
  });

  test('of sixteen colours has the characters too, since neighbours share a colour; a minus is below zero', () => {
    const table = mapOf(
      [-1, -0.01, 0.01, 1].map((value, i) => run(i + 1, 1, value)),
      'symlog',
    );
    const plain = terminalMap(table, { depth: 1 });
    expect(plain).toMatch(/-@@@@@-:::::::::::@@@@@@/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours are taken away
    const bare = terminalMap(table, { depth: 4 }).replace(/\u001b\[[0-9;]*m/g, '');
    expect(bare).toBe(plain);
  });
});
