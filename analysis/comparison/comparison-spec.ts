// The figure of a comparison: levels of the reference as points with bars, those of a surrogate as bands; below them the
// differences of their means in standard errors, and the ratios of their standard deviations; one column per surrogate.
import type { Data, GroupMark, Spec } from 'vega';
import type { FigureWidth } from '../../core/contracts/figure.js';
import { EigenflowError } from '../../core/errors.js';
import { exp } from '../../core/kernels/elementary.js';
import { largest, smallest } from '../../core/statistics/estimate.js';
import { contrastPanel } from '../figures/draw/contrast-panel.js';
import { wrapText } from '../figures/draw/format.js';
import { CONFIG, charactersIn, FIGURE_WIDTH, labelSpace, ORDERED, TEXT } from '../figures/draw/style.js';
import { outline, textLines, tickText, uprightLabel } from '../figures/draw/text-marks.js';
import { chooseTicks } from '../figures/draw/ticks.js';
import type { Contrast } from './ensemble.js';

export interface ComparisonPanel {
  readonly surrogate: string;
  /** What it rests on: "64 realisations", or how many of them and why others are left out. */
  readonly sample: string;
  /** One line for each window of time. */
  readonly verdicts: readonly string[];
  readonly contrasts: readonly Contrast[];
}

export interface ComparisonTable {
  readonly title: string;
  readonly panels: readonly ComparisonPanel[];
  /** The same of the reference. */
  readonly sample: string;
}

/** Unit: pixels. */
const MARGIN = 6;
const GAP = 18;
const UPRIGHT = 16;
const MOST_WIDTH = 320;
/** Of a panel: below it the lines of verdicts fall to pieces. */
const LEAST_WIDTH = 100;
const HEIGHT = 220;
/** Of the panels of differences and of ratios, and their distance from those above. */
const CONTRAST_HEIGHT = 90;
const ROW_GAP = 14;
const DIFFERENCE_TOP = HEIGHT + ROW_GAP;
const RATIO_TOP = DIFFERENCE_TOP + CONTRAST_HEIGHT + ROW_GAP;
const TOTAL_HEIGHT = RATIO_TOP + CONTRAST_HEIGHT;
/** In errors: what one number exceeds in 0.3 % of cases. */
const FAR = 3;
const LINE = 1.3 * TEXT.small;

interface Point {
  readonly time: number;
  readonly level: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

function points(contrasts: readonly Contrast[], side: 'reference' | 'surrogate'): Point[] {
  return contrasts.map((c) => {
    const { mean, deviation } = c[side];
    const spread = Number.isFinite(deviation) ? deviation : 0;
    return { time: c.time, level: c.level, mean, low: mean - spread, high: mean + spread };
  });
}

/** Ratios of standard deviations with the ends of their bars, where they are known. */
function ratios(contrasts: readonly Contrast[]) {
  return contrasts
    .filter(({ spread: { logRatio, error } }) => Number.isFinite(logRatio) && Number.isFinite(error))
    .map(({ time, level, spread: { logRatio, error } }) => ({
      time,
      level,
      value: exp(logRatio),
      low: exp(logRatio - error),
      high: exp(logRatio + error),
    }));
}

/** Differences of means in standard errors; none where nothing fluctuates beyond rounding, as at the common start. */
function differences(contrasts: readonly Contrast[]) {
  return contrasts
    .filter(({ spread }) => !Number.isNaN(spread.logRatio))
    .map(({ time, level, means }) => ({ time, level, value: means.difference / means.error }))
    .filter(({ value }) => Number.isFinite(value));
}

function extentOf(values: readonly number[]): [number, number] {
  const low = smallest(values);
  const high = largest(values);
  const room = 0.04 * (high - low || Math.abs(high) || 1);
  return [low - room, high + room];
}

/** @throws EigenflowError `results` when there are too many surrogates for this width */
export function comparisonSpec({ title, panels, sample }: ComparisonTable, figureWidth: FigureWidth = 'page'): Spec {
  const all = panels.flatMap(({ contrasts }) => [...points(contrasts, 'reference'), ...points(contrasts, 'surrogate')]);
  const levels = Math.max(1, largest(all.map(({ level }) => level)));
  const y = extentOf(all.flatMap(({ low, high }) => [low, high]));
  const spreads = panels.flatMap(({ contrasts }) => ratios(contrasts));
  const ratioEnds = [0.5, 2, ...spreads.flatMap(({ low, high }) => [low, high])];
  const ratio: [number, number] = [smallest(ratioEnds), largest(ratioEnds)];
  const ratioTicks = chooseTicks(ratio[0], ratio[1], 'log', 4);
  const off = panels.flatMap(({ contrasts }) => differences(contrasts).map(({ value }) => value));
  const difference = extentOf([-FAR, FAR, ...off]);
  const differenceTicks = chooseTicks(difference[0], difference[1], 'linear', 6);
  const x: [number, number] = [0, largest(all.map(({ time }) => time)) * 1.02];
  const yTicks = chooseTicks(y[0], y[1], 'linear', 6);
  const xTicks = chooseTicks(x[0], x[1], 'linear', 5);
  const left = MARGIN + UPRIGHT + labelSpace([...yTicks, ...differenceTicks, ...ratioTicks].map(({ label }) => label));
  const width = Math.min(
    MOST_WIDTH,
    (FIGURE_WIDTH[figureWidth] - left - MARGIN - (panels.length - 1) * GAP) / panels.length,
  );
  if (width < LEAST_WIDTH) {
    throw new EigenflowError(
      'results',
      title,
      `${panels.length} surrogates are too many for a figure of ${FIGURE_WIDTH[figureWidth] / 96} inches` +
        (figureWidth === 'column' ? '; draw it over the page' : ''),
    );
  }
  const totalWidth = panels.length * width + (panels.length - 1) * GAP;
  const subtitle = wrapText(
    `points and bars: SGD, mean and standard deviation of the ${levels} largest levels over ${sample}; ` +
      `bands: the surrogate, the same. Below: its mean less that of SGD, in standard errors, lines at 0 and ±${FAR}; its ` +
      'standard deviation over that of SGD, bars as scattered by ' +
      'exchange of realisations',
    charactersIn(left + totalWidth - MARGIN, TEXT.small),
  );
  const verdictsOf = (panel: ComparisonPanel) =>
    [...(panel.sample === sample ? [] : [panel.sample]), ...panel.verdicts].flatMap((line) =>
      wrapText(line, charactersIn(width, TEXT.small)),
    );
  const lines = Math.max(...panels.map((panel) => verdictsOf(panel).length));
  const top = MARGIN + TEXT.title + (subtitle.length + 2) * LINE + 6;
  const bottom = 44 + (lines + 1) * LINE;
  const group = (panel: ComparisonPanel, i: number): GroupMark => ({
    type: 'group',
    encode: { enter: { x: { value: i * (width + GAP) }, width: { value: width }, height: { value: HEIGHT } } },
    axes: [
      { orient: 'bottom', scale: 'x', values: xTicks.map(({ value }) => value), labels: false },
      {
        orient: 'left',
        scale: 'y',
        values: yTicks.map(({ value }) => value),
        labels: i === 0,
        encode: { labels: { update: { text: { signal: tickText(yTicks) } } } },
      },
    ],
    marks: [
      outline(0, 0, width, HEIGHT),
      {
        type: 'group',
        from: { facet: { name: `faceted${i}`, data: `surrogate${i}`, groupby: 'level' } },
        marks: [
          {
            type: 'area',
            from: { data: `faceted${i}` },
            encode: {
              enter: {
                x: { scale: 'x', field: 'time' },
                y: { scale: 'y', field: 'low' },
                y2: { scale: 'y', field: 'high' },
                fill: { scale: 'color', field: 'level' },
                fillOpacity: { value: 0.35 },
              },
            },
          },
          {
            type: 'line',
            from: { data: `faceted${i}` },
            encode: {
              enter: {
                x: { scale: 'x', field: 'time' },
                y: { scale: 'y', field: 'mean' },
                stroke: { scale: 'color', field: 'level' },
                strokeWidth: { value: 0.8 },
              },
            },
          },
        ],
      },
      {
        type: 'rule',
        from: { data: `reference${i}` },
        encode: {
          enter: {
            x: { scale: 'x', field: 'time' },
            y: { scale: 'y', field: 'low' },
            y2: { scale: 'y', field: 'high' },
            stroke: { scale: 'color', field: 'level' },
            strokeWidth: { value: 1 },
          },
        },
      },
      {
        type: 'symbol',
        from: { data: `reference${i}` },
        encode: {
          enter: {
            x: { scale: 'x', field: 'time' },
            y: { scale: 'y', field: 'mean' },
            size: { value: 14 },
            fill: { scale: 'color', field: 'level' },
          },
        },
      },
      ...textLines([panel.surrogate], { x: 0, y: -6 }, { size: TEXT.label }),
      contrastPanel({
        ...{ data: `difference${i}`, scale: 'difference', hasBars: false, guides: [0, -FAR, FAR] },
        ...{ valueLabels: i === 0, timeLabels: false, width, offset: DIFFERENCE_TOP, height: CONTRAST_HEIGHT },
        ...{ xTicks, ticks: differenceTicks },
      }),
      contrastPanel({
        ...{ data: `ratio${i}`, scale: 'ratio', hasBars: true, guides: [1] },
        ...{ valueLabels: i === 0, timeLabels: true, width, offset: RATIO_TOP, height: CONTRAST_HEIGHT },
        ...{ xTicks, ticks: ratioTicks },
      }),
      ...textLines(['learning time'], { x: width / 2, y: TOTAL_HEIGHT + 34 }, { size: TEXT.label, align: 'center' }),
      ...textLines(verdictsOf(panel), { x: 0, y: TOTAL_HEIGHT + 34 + 1.6 * LINE }, { size: TEXT.small }),
    ],
  });

  return {
    $schema: 'https://vega.github.io/schema/vega/v6.json',
    description: title,
    width: totalWidth,
    height: TOTAL_HEIGHT,
    padding: { left, top, right: MARGIN, bottom },
    autosize: 'none',
    background: CONFIG.background,
    config: { axis: CONFIG.axis },
    data: panels.flatMap(({ contrasts }, i): Data[] => [
      { name: `reference${i}`, values: points(contrasts, 'reference') },
      { name: `surrogate${i}`, values: points(contrasts, 'surrogate') },
      { name: `difference${i}`, values: differences(contrasts) },
      { name: `ratio${i}`, values: ratios(contrasts) },
    ]),
    scales: [
      { name: 'x', type: 'linear', domain: x, range: [0, width], zero: false, nice: false },
      { name: 'y', type: 'linear', domain: y, range: [HEIGHT, 0], zero: false, nice: false },
      { name: 'difference', type: 'linear', domain: difference, range: [CONTRAST_HEIGHT, 0], zero: false, nice: false },
      { name: 'ratio', type: 'log', domain: ratio, range: [CONTRAST_HEIGHT, 0], nice: false },
      {
        name: 'color',
        type: 'linear',
        domain: [1, Math.max(2, levels)],
        range: { scheme: ORDERED, extent: [0, 0.88] },
        zero: false,
      },
    ],
    marks: [
      ...panels.map(group),
      ...textLines([title], { x: -left + MARGIN, y: -top + MARGIN + TEXT.title }, { size: TEXT.title, weight: 'bold' }),
      ...textLines(subtitle, { x: -left + MARGIN, y: -top + MARGIN + TEXT.title + 1.3 * LINE }, { size: TEXT.small }),
      uprightLabel('eigenvalue of W Wᵀ', MARGIN + TEXT.label - left, HEIGHT / 2, HEIGHT),
      uprightLabel('means / error', MARGIN + TEXT.label - left, DIFFERENCE_TOP + CONTRAST_HEIGHT / 2, CONTRAST_HEIGHT),
      uprightLabel('sd ratio', MARGIN + TEXT.label - left, RATIO_TOP + CONTRAST_HEIGHT / 2, CONTRAST_HEIGHT),
    ],
  };
}
