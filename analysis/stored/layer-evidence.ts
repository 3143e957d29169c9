// What the spectrum of a layer says of its motion, between the first and the last checkpoint. Evidence, no verdict: the
// phases are told apart by drift and noise, which weights alone do not hold.
import type { Series } from '../../core/contracts/classifier.js';
import type { Block } from '../../core/contracts/model.js';
import { csvTable } from '../../node/files/csv-cell.js';
import { type TrainingProtocol, temperatureOf } from './training-protocol.js';

export interface LayerEvidence {
  readonly layer: string;
  readonly rows: number;
  readonly cols: number;
  /** By name, in the order of the table; NaN where not measured. */
  readonly values: Readonly<Record<string, number>>;
}

/** First number of the first and of the last frame. */
function ends(series: Series | undefined): { readonly first: number; readonly last: number } {
  const frames = series?.step.length ?? 0;
  if (!series || frames === 0) return { first: Number.NaN, last: Number.NaN };
  return { first: series.data[0], last: series.data[(frames - 1) * (series.data.length / frames)] };
}

/** Largest change of a number by a factor, up or down, between two frames that follow each other. */
function largestJump(series: Series | undefined): number {
  const frames = series?.step.length ?? 0;
  if (!series || frames < 2) return Number.NaN;
  const width = series.data.length / frames;
  // Weights that are not finite have no levels; the jump is that over such a frame.
  const first = Array.from({ length: frames }, (_, k) => series.data[k * width]).filter(Number.isFinite);
  if (first.length < 2) return Number.NaN;
  let most = 1;
  for (let k = 1; k < first.length; k++) most = Math.max(most, first[k] / first[k - 1], first[k - 1] / first[k]);
  return most;
}

/**
 * @param protocol what a step was, as far as it is known
 * @param series of a channel of the layer's observers
 */
export function evidenceOf(
  { name: layer, rows, cols }: Pick<Block, 'name' | 'rows' | 'cols'>,
  protocol: TrainingProtocol,
  series: (kind: 'levels' | 'span' | 'bulk' | 'spacing', channel: string) => Series | undefined,
): LayerEvidence {
  const levels = series('levels', 'levels');
  const largest = ends(levels);
  const variance = ends(series('bulk', 'entryVariance'));
  const outliers = ends(series('bulk', 'outliers'));
  const distance = ends(series('bulk', 'distance'));
  const spacing = series('spacing', 'spacing');
  const rank = ends(series('bulk', 'rank'));
  const span = ends(series('span', 'logarithm')).last;
  const time = levels ? levels.time[levels.time.length - 1] - levels.time[0] : Number.NaN;
  // With a single checkpoint nothing has grown, nor stayed.
  const isMotion = (levels?.step.length ?? 0) > 1;
  const moved = (value: number) => (isMotion ? value : Number.NaN);
  return {
    layer,
    rows,
    cols,
    values: {
      temperature: temperatureOf(protocol),
      'learning time': moved(time),
      checkpoints: levels?.step.length ?? 0,
      levels: levels ? levels.data.length / levels.step.length : Number.NaN,
      'rank first': rank.first,
      'rank last': rank.last,
      'rounding of levels last': ends(series('bulk', 'rounding')).last,
      'largest level first': largest.first,
      'largest level last': largest.last,
      'largest level growth': moved(largest.last / largest.first),
      'largest jump between checkpoints': largestJump(levels),
      'span growth': moved(span),
      'span growth per learning time': moved(span / time),
      'entry variance first': variance.first,
      'entry variance last': variance.last,
      'entry variance growth': moved(variance.last / variance.first),
      'outliers first': outliers.first,
      'outliers last': outliers.last,
      'bulk distance first': distance.first,
      'bulk distance last': distance.last,
      'spacings last': spacing ? spacingsOf(spacing, spacing.step.length - 1).length : Number.NaN,
      'spacing second moment first': secondMoment(spacing, 0),
      'spacing second moment last': secondMoment(spacing, (levels?.step.length ?? 1) - 1),
    },
  };
}

/** Spacings of one frame; those of rounding are NaN and are left out. */
function spacingsOf({ data, step }: Series, frame: number): Float64Array {
  const width = data.length / step.length;
  return data.subarray(frame * width, (frame + 1) * width).filter(Number.isFinite);
}

/**
 * <s^2> of the unfolded spacings of one frame: 4/pi = 1.27 for Wigner's surmise; 2 for levels that do not repel each other,
 * of which unfolding over 5 neighbours leaves 1.83.
 */
function secondMoment(series: Series | undefined, frame: number): number {
  if (!series) return Number.NaN;
  const spacings = spacingsOf(series, frame);
  const mean = spacings.reduce((sum, s) => sum + s, 0) / spacings.length;
  return spacings.reduce((sum, s) => sum + (s / mean) ** 2, 0) / spacings.length;
}

/** One row per layer. */
export function evidenceTable(evidence: readonly LayerEvidence[]): string {
  const names = Object.keys(evidence[0]?.values ?? {});
  return csvTable(
    ['layer', ...names],
    evidence.map(({ layer, values }) => [
      layer,
      ...names.map((name) => (Number.isNaN(values[name]) ? '' : String(values[name]))),
    ]),
  );
}
