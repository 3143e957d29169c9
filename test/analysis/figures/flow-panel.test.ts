// What a flow figure looks like, as its SVG says: labels that leave each other room, the colour bar with its title, and
// frames that stand alone.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COMPANION } from '../../../analysis/figures/draw/flow-marks.js';
import { flowPanel } from '../../../analysis/figures/draw/flow-panel.js';
import type { FlowPanel, FlowTable } from '../../../analysis/figures/draw/flow-table.js';
import { pageSpec } from '../../../analysis/figures/draw/page.js';
import { spaceLabels } from '../../../analysis/figures/draw/tick-labels.js';
import { chooseTicks } from '../../../analysis/figures/draw/ticks.js';
import { renderSvg } from '../../../analysis/figures/render-figure.js';

const table = (panels: readonly FlowPanel[], more: Partial<FlowTable> = {}): FlowTable => ({
  title: 'Flow',
  where: '',
  xLabel: 'epochs',
  valueLabel: 'levels',
  elementLabel: 'level',
  xScale: 'linear',
  yScale: 'linear',
  ownScales: false,
  seed: 0,
  cells: panels.length,
  panels,
  ...more,
});

const panel = (x: readonly number[], values: readonly (readonly number[])[], more: Partial<FlowPanel> = {}) =>
  ({ label: ['cell'], status: 'completed', x, values, ...more }) satisfies FlowPanel;

async function draw(flow: FlowTable): Promise<string> {
  const { spec } = pageSpec({
    title: 'Flow',
    panels: [(width) => flowPanel(flow, width)],
    columns: 1,
    width: 'page',
  });
  const svg = await renderSvg(spec, { title: '', sample: '', data: '', command: '', version: '' });
  return svg.replaceAll('\u00a0', ' ');
}

/** Of a digit of DejaVu Sans: 1303 of 2048 units. */
const widthOf = (text: string) => (text.length * 9 * 1303) / 2048;

/** Labels below every plot: their middle, from the left end of the axis. */
function labelsBelow(svg: string): { text: string; at: number }[][] {
  return svg
    .split('aria-label="X-axis')
    .slice(1)
    .map((axis) => axis.split('class="path foreground"')[0].split('aria-label="Y-axis')[0])
    .map((axis) =>
      [...axis.matchAll(/<text text-anchor="(\w+)" transform="translate\(([\d.]+),13\)"[^>]*>([^<]*)</g)]
        .filter(([, , , text]) => text !== '')
        .map(([, anchor, at, text]) => {
          expect(anchor).toBe('middle');
          return { text, at: Number(at) };
        }),
    );
}

describe('labels below the plots', () => {
  test.each([300, 4000, 40_000, 60_000])(
    'to %d epochs leave each other room, and those of the next plot',
    async (end) => {
      const svg = await draw(table(Array.from({ length: 9 }, () => panel([0, end / 2, end], [[1], [2], [3]]))));
      const axes = labelsBelow(svg).filter((labels) => labels.length > 0);
      // Four columns: the lowest plot of each has labels.
      expect(axes).toHaveLength(4);
      // The last frame is a tick, and there the axis ends.
      const ticks = [...svg.matchAll(/<line transform="translate\((\d+),0\)" x2="0" y2="4"/g)];
      const length = Math.max(...ticks.map(([, at]) => Number(at)));
      for (const labels of axes) {
        expect(labels.length).toBeGreaterThan(1);
        labels.slice(1).forEach(({ text, at }, i) => {
          expect(at - labels[i].at - (widthOf(text) + widthOf(labels[i].text)) / 2).toBeGreaterThan(4);
        });
        const [first, last] = [labels[0], labels[labels.length - 1]];
        const out = last.at + widthOf(last.text) / 2 - length + widthOf(first.text) / 2 - first.at;
        expect(out).toBeLessThan(14);
      }
    },
  );

  test('are those of some ticks, evenly, and never none', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e5, noNaN: true }), fc.integer({ min: 60, max: 300 }), (end, length) => {
        const ticks = chooseTicks(0, end, 'linear', 6);
        const placeOf = (value: number) => (value / end) * length;
        const spaced = spaceLabels(ticks, { length, gap: 14, placeOf });
        expect(spaced.map(({ value }) => value)).toEqual(ticks.map(({ value }) => value));
        const kept = spaced.flatMap(({ label }, i) => (label === '' ? [] : [i]));
        expect(kept.every((at, i) => i < 2 || at - kept[i - 1] === kept[1] - kept[0])).toBe(true);
        expect(kept.length).toBeGreaterThan(0);
      }),
    );
  });
});

test('the title of the colour bar stands beside it, however few plots there are', async () => {
  const levels = Array.from({ length: 11 }, (_, i) => i);
  const svg = await draw(table([panel([0, 1], [levels, levels])]));
  const title = Number(/translate\(([\d.]+),[\d.]+\) rotate\(-90\)"[^>]*>level \(1 = largest\)</.exec(svg)?.[1]);
  const labels = [...svg.matchAll(/<text text-anchor="start" transform="translate\(([\d.]+),[\d.]+\)"[^>]*>10</g)];
  const [bar] = labels.map(([, x]) => Number(x));
  expect(title).toBeGreaterThan(bar + 10);
  expect(title).toBeLessThan(bar + 35);
});

/** Points drawn as symbols. */
const symbols = (svg: string) =>
  (svg.match(/<g class="mark-symbol role-mark".*?<\/g>/gs) ?? []).join('').match(/<path /g) ?? [];

describe('a frame that stands alone', () => {
  const none = Number.NaN;
  const frames = Array.from({ length: 34 }, (_, i) => i);
  /** More frames than are seen as points on their lines. */
  const many = frames.slice(0, 30).map((i) => [1 + i]);
  test('is a point for every element: the only one of a run, one between frames that are not finite', async () => {
    expect(symbols(await draw(table([panel([0], [[1, 2]], { status: 'diverged' })])))).toHaveLength(2);
    const svg = await draw(table([panel(frames, [...many, [none], [3], [Infinity], [none]])]));
    expect(symbols(svg)).toHaveLength(1);
    expect(svg).toContain('Frames not finite, where lines have gaps: 3 of 34.');
  });

  test('is told from those with neighbours, by the panel it is in', async () => {
    const whole = panel(frames.slice(0, 30), many);
    const svg = await draw(table([whole, panel([0, 1], [[1], [none]])]));
    expect(symbols(svg)).toHaveLength(1);
    expect(svg).toContain('Frames not finite, where lines have gaps: 1 of 2 in (b).');
    expect(await draw(table([whole, whole]))).not.toContain('not finite');
  });

  test('is missed where no frame is finite', async () => {
    const svg = await draw(table([panel([0, 1], [[none], [none]], { status: 'diverged' })]));
    expect(svg).toContain('no finite frame: diverged');
  });
});

/** Lines that are drawn, as paths of more than one point. */
const joined = (svg: string) =>
  [...svg.matchAll(/<g class="mark-line role-mark[^"]*".*?<\/g>/gs)].flatMap(
    ([group]) => group.match(/ d="M[^"]*L/g) ?? [],
  );

describe('a few frames', () => {
  test('two are points, and it is said that the way between them is not known', async () => {
    const svg = await draw(
      table([
        panel(
          [0, 20_000],
          [
            [3, 2],
            [9, 2.5],
          ],
        ),
      ]),
    );
    expect(symbols(svg)).toHaveLength(4);
    expect(joined(svg)).toEqual([]);
    expect(svg).toContain('Two frames, drawn as points: the way from one to the other');
  });

  test('of two, one lies off a logarithmic axis: points all the same', async () => {
    const svg = await draw(table([panel([0, 1, 100], [[1], [2], [3]])], { xScale: 'log' }));
    expect(joined(svg)).toEqual([]);
    expect(symbols(svg)).toHaveLength(2);
  });

  test('three are joined, and each is seen', async () => {
    const svg = await draw(table([panel([0, 1, 2], [[1], [2], [3]])]));
    expect(joined(svg)).toHaveLength(1);
    expect(symbols(svg)).toHaveLength(3);
    expect(svg).not.toContain('Two frames');
  });
});

test('levels are counted from 1, with the largest at the first colour', async () => {
  const levels = Array.from({ length: 12 }, (_, i) => 12 - i);
  const svg = await draw(table([panel([0, 1], [levels, levels])]));
  const labels = [...svg.matchAll(/<text text-anchor="start" transform="translate\([\d.]+,[\d.]+\)"[^>]*>(\d+)</g)];
  expect(labels.map(([, label]) => label)).toEqual(['1', '5', '10']);
});

test('the label of the last tick lies on the page where there is no colour bar beside it', () => {
  const { left, plot, width } = flowPanel(table([panel([0, 20_000], [[0], [1]])]), 314);
  expect(left + plot.width + widthOf('20000') / 2).toBeLessThan(width);
});

describe('another channel beside it', () => {
  const companion = {
    x: [0, 1, 2],
    values: [
      [1, 4],
      [2, 5],
      [3, 40],
    ],
  };
  const flow = table([panel([0, 1, 2], companion.values, { companion })], { referenceLabel: 'theory' });

  test('is a dashed line for every element, with its name in the legend', async () => {
    const svg = await draw(flow);
    const dashed = [...svg.matchAll(/<path [^>]*stroke-dasharray="4,2"[^>]*>/g)].map(([path]) => path);
    expect(dashed).toHaveLength(2);
    for (const path of dashed) expect(path).toContain(COMPANION.color);
    expect(svg).toContain('theory');
  });

  test('fits the axis', async () => {
    const small = table([panel([0, 1, 2], [[1], [2], [3]], { companion: { x: [0, 1], values: [[1], [900]] } })]);
    expect(await draw(small)).toContain('>800<');
  });
});
