// What the spectrum of a layer says, in a sentence: bulk, outliers, rank, growth. Readings, no verdicts: the words say what
// was measured before they say what it may mean.
import { log } from '../../core/kernels/elementary.js';
import type { LayerEvidence } from './layer-evidence.js';

const short = (value: number, digits = 2) => String(Number(value.toPrecision(digits)));

/**
 * Kolmogorov-Smirnov distance to the fitted law that n levels of pure noise exceed once in a hundred. Levels repel, so it
 * falls almost as 1/n. Fitted to simulations of 4 to 64 levels and 1 to 8 times as many columns, within 15 % (derived).
 */
export const noiseDistance = (n: number) => (1.7 + 0.8 * log(n / 4)) / n;
/** A distance that is seen in a figure. */
const CLOSE = 0.1;

/** A factor that is no change. */
const SAME = 1.05;
/** A factor by which the variance of the bulk may change while the bulk is said to stay. */
const STAYS = 1.2;

const levels = (count: number) =>
  count === 0 ? 'no level stands' : count === 1 ? '1 level stands' : `${count} levels stand`;
const isWithin = (factor: number, bound: number) => factor < bound && factor > 1 / bound;
const factor = (value: number) =>
  isWithin(value, SAME)
    ? 'stayed'
    : value >= 1
      ? `grew by a factor of ${short(value)}`
      : `shrank to ${short(value)} of it`;

const LAW = 'the law of independent entries (Marchenko-Pastur)';

function bulk(values: LayerEvidence['values'], n: number): string {
  const { 'bulk distance last': distance, 'outliers last': last, 'outliers first': first, checkpoints } = values;
  if (!Number.isFinite(distance) || !Number.isFinite(last)) return 'no bulk was fitted';
  const bound = noiseDistance(n);
  const how =
    distance <= bound ? `levels as of ${LAW}` : distance < CLOSE ? `levels close to ${LAW}` : `levels unlike ${LAW}`;
  const sample = `distance ${short(distance)}; noise of this size exceeds ${short(bound)} once in a hundred`;
  const before =
    checkpoints > 1 && Number.isFinite(first) ? `, ${first === last ? 'as many as' : short(first, 6)} at first` : '';
  return `${how} (${sample}), ${levels(last)} above the bulk${before}`;
}

function growth(values: LayerEvidence['values']): string {
  const { 'largest level growth': largest, 'entry variance growth': variance, checkpoints } = values;
  if (!(checkpoints > 1)) return '';
  if (!Number.isFinite(largest)) return '; growth is not known';
  const bulkPart = Number.isFinite(variance) ? `, the variance of the bulk ${factor(variance)}` : '';
  return `; the largest level ${factor(largest)}${bulkPart}: ${reading(values)}`;
}

function reading(values: LayerEvidence['values']): string {
  const { 'largest level growth': largest, 'entry variance growth': variance } = values;
  if (isWithin(largest, SAME) && !(variance > SAME) && !(variance < 1 / SAME))
    return 'levels hardly moved, frozen or finished';
  if (values['outliers last'] > values['outliers first'] && isWithin(variance, STAYS)) {
    return 'structure grows on top of the noise that it began with';
  }
  if (largest > STAYS && variance > STAYS) return 'the weights grow as a whole';
  if (largest < 1 / SAME && variance < 1 / SAME) return 'the weights shrink as a whole';
  return isWithin(variance, STAYS) ? 'single levels move, the bulk stays' : 'bulk and single levels move apart';
}

export function layerSentence({ layer, rows, cols, values }: LayerEvidence): string {
  const size = Math.min(rows, cols);
  const rank = values['rank last'];
  const ranked = Number.isFinite(rank) && rank < size ? ` of rank ${rank}` : '';
  return `${layer} (${rows} x ${cols}${ranked}): ${bulk(values, size)}${growth(values)}.`;
}
