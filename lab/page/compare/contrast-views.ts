// The pictures of a comparison: by how much the means of levels differ, and their spreads, level by level in learning time.
import type { ComparisonVerdict, ShownContrast } from '../../comparison-protocol.js';
import { type Axes, placedIn, TICK_TEXT } from '../drawing/axes.js';
import { linearScale, logScale, roundUp } from '../drawing/scale.js';
import { line, type Surface } from '../drawing/surface.js';
import type { Theme } from '../drawing/theme.js';
import type { PanelView } from '../run/panel.js';
import { drawPlot } from '../run/plot.js';

interface Point {
  readonly time: number;
  readonly level: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Errors beyond which one number lies in 0.3 % of cases. */
const FAR = 3;

function viewOf(
  points: readonly Point[],
  { windows, contrasts }: ComparisonVerdict,
  y: Axes['y'],
  same: number,
): Pick<PanelView, 'draw'> {
  const times = contrasts.map(({ time }) => time);
  const axes: Axes = { x: { scale: linearScale(0, Math.max(...times)), label: 'learning time' }, y };
  const levels = Math.max(0, ...contrasts.map(({ level }) => level));
  return {
    draw(surface, box, theme) {
      const colors = theme.levels(levels);
      drawPlot(surface, box, axes, theme, (plot) => {
        const at = placedIn(plot, axes);
        line(surface, [plot.x, at.y(same)], [plot.x + plot.width, at.y(same)], { color: theme.faint, width: 1 });
        for (const { to } of windows.slice(0, -1)) {
          const x = Math.round(at.x(to)) + 0.5;
          line(surface, [x, plot.y], [x, plot.y + plot.height], { color: theme.line, width: 1, dash: [2, 3] });
        }
        for (let level = levels; level >= 1; level--) {
          const own = points.filter((point) => point.level === level);
          const color = colors[level - 1];
          // Beside each other, so that bars of one time can be told apart.
          const aside = (level - (levels + 1) / 2) * 2;
          const xs = own.map(({ time }) => at.x(time) + aside);
          own.forEach(({ low, high }, i) => {
            line(surface, [xs[i], at.y(low)], [xs[i], at.y(high)], { color, width: 1, opacity: 0.55 });
          });
          surface.polyline(
            xs,
            own.map(({ value }) => at.y(value)),
            { color, width: 1.25, opacity: 0.85 },
          );
          own.forEach(({ value }, i) => {
            surface.disc(xs[i], at.y(value), 2, { color });
          });
        }
        drawLegend(surface, plot, theme, colors);
      });
    },
  };
}

/** Numbers of the levels in their colours, in the upper right corner. */
function drawLegend(
  surface: Surface,
  plot: { x: number; y: number; width: number },
  theme: Theme,
  colors: readonly string[],
) {
  const width = 14;
  const left = plot.x + plot.width - width * colors.length;
  const style = { color: theme.faint, size: TICK_TEXT } as const;
  surface.text('level', left - 6, plot.y + TICK_TEXT, { ...style, align: 'end' });
  colors.forEach((color, i) => {
    surface.text(String(i + 1), left + width * i + width / 2, plot.y + TICK_TEXT, {
      ...style,
      color,
      align: 'middle',
      bold: true,
    });
  });
}

const tableOf = (name: string, contrasts: readonly ShownContrast[], of: (c: ShownContrast) => readonly number[]) => ({
  header: ['learning time', 'level', name, 'error'],
  rows: contrasts.map((contrast) => [contrast.time, contrast.level, ...of(contrast)]),
});

/** How many lie beyond three errors, in words. */
function sayFar(points: readonly Point[], same: number): string {
  const far = points.filter(({ low, high }) => {
    const half = FAR * 0.5;
    const middle = (low + high) / 2;
    return Math.abs(middle - same) > half * (high - low);
  });
  return `${far.length} of ${points.length} farther than ${FAR} errors`;
}

export function differenceView(verdict: ComparisonVerdict): PanelView {
  const { contrasts } = verdict;
  const points = contrasts
    .filter(({ difference }) => Number.isFinite(difference))
    .map(({ time, level, difference, differenceError }): Point => {
      return { time, level, value: difference, low: difference - differenceError, high: difference + differenceError };
    });
  const most = roundUp(Math.max(1, ...points.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)])));
  const said = sayFar(points, 0);
  return {
    ...viewOf(points, verdict, { scale: linearScale(-most, most) }, 0),
    caption: `in standard deviations under SGD; bars: one error; ${said}`,
    description: `differences of means in standard deviations, ${said}`,
    table: tableOf('difference / standard deviation', contrasts, (c) => [c.difference, c.differenceError]),
  };
}

export function ratioView(verdict: ComparisonVerdict): PanelView {
  const { contrasts } = verdict;
  const logs = contrasts
    .filter(({ logRatio, logRatioError }) => Number.isFinite(logRatio) && Number.isFinite(logRatioError))
    .map(({ time, level, logRatio, logRatioError }): Point => {
      return { time, level, value: logRatio, low: logRatio - logRatioError, high: logRatio + logRatioError };
    });
  const most = Math.exp(Math.max(Math.log(2), ...logs.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)])));
  const points = logs.map(({ value, low, high, ...point }) => {
    return { ...point, value: Math.exp(value), low: Math.exp(low), high: Math.exp(high) };
  });
  const said = sayFar(logs, 0);
  return {
    ...viewOf(points, verdict, { scale: logScale(1 / most, most) }, 1),
    caption: `surrogate over SGD; bars: one error; ${said}`,
    description: `ratios of standard deviations, ${said}`,
    table: tableOf('log ratio of standard deviations', contrasts, (c) => [c.logRatio, c.logRatioError]),
  };
}
