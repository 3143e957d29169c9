// Verdicts over instances in words: for the terminal, a page and a figure.
import { exp } from '../../core/kernels/elementary.js';
import { TIE } from '../figures/draw/format.js';
import type { OverInstances } from './components.js';
import type { InstancesVerdict } from './instances.js';
import type { Detectable } from './power.js';
import type { Outcome } from './verdict.js';
import { short } from './verdict-text.js';

const percent = (value: number) => `${short(100 * value, 2)}${TIE}%`;
const signed = (value: number) => `${value >= 0 ? '+' : ''}${(100 * value).toFixed(2)}`;
const isKnown = (value: number) => !Number.isNaN(value);

/** "3 agree, 1 fails" */
export function aloneText(alone: Readonly<Record<Outcome, number>>): string {
  const words: [Outcome, one: string, more: string][] = [
    ['agrees', 'agrees', 'agree'],
    ['fails', 'fails', 'fail'],
    ['cannot tell', 'cannot tell', 'cannot tell'],
  ];
  return words
    .filter(([outcome]) => alone[outcome] > 0)
    .map(([outcome, one, more]) => `${alone[outcome]} ${alone[outcome] === 1 ? one : more}`)
    .join(', ');
}

/** Ends of the standard deviation between instances by one standard error of its square. */
export function betweenRange({ n, error, within, betweenSquareError }: OverInstances): [low: number, high: number] {
  const square = n * error ** 2 - within ** 2;
  return [Math.sqrt(Math.max(0, square - betweenSquareError)), Math.sqrt(Math.max(0, square + betweenSquareError))];
}

function shiftText({ worstShift: { shift, level }, meanPValue, scatterPValue }: InstancesVerdict): string {
  const [low, high] = betweenRange(shift);
  return (
    `mean ${signed(shift.mean)} ± ${(100 * shift.error).toFixed(2)}${TIE}% (level ${level}; between instances sd ` +
    `${percent(shift.between)} (${short(100 * low, 2)} to ${short(100 * high, 2)}), error within one ` +
    `${percent(shift.within)}), p = ${short(meanPValue, 2)}, of scatter ${short(scatterPValue, 2)}`
  );
}

function ratioText({ worstSpread, spreadPValue, spreadScatterPValue }: InstancesVerdict): string {
  if (!worstSpread) return '';
  const { logRatio, level } = worstSpread;
  const { mean, error, between, within } = logRatio;
  // A side that does not fluctuate has a ratio of 0 or infinity, and no scatter.
  if (!Number.isFinite(mean)) return `; sd ratio ${mean < 0 ? 0 : 'infinite'} (level ${level})`;
  const scatter = isKnown(spreadScatterPValue) ? `, of scatter ${short(spreadScatterPValue, 2)}` : '';
  return (
    `; sd ratio ${short(exp(mean))} (${short(exp(mean - error))} to ${short(exp(mean + error))}; level ${level}; between ` +
    `instances a factor ${short(exp(between))}, error within one ${short(exp(within))}), p = ${short(spreadPValue, 2)}${scatter}`
  );
}

/** Beyond it the number says no more than that little would have been found. */
const LARGE_RATIO = 10;
const factor = ({ common }: Detectable) => (common > LARGE_RATIO ? `over ${LARGE_RATIO}` : short(common));

/** What would have been found in all levels of the window alike. */
function powerText(verdict: InstancesVerdict): string {
  const { detectableShift, detectableScatter, detectableRatio, detectableRatioScatter } = verdict;
  const shift = `a mean off by ${percent(detectableShift.common)} in all instances or by sd ${percent(detectableScatter.common)} between them`;
  if (!isKnown(detectableRatio.common)) return `; would have found ${shift}`;
  const between = isKnown(detectableRatioScatter.common)
    ? ` or by a factor ${factor(detectableRatioScatter)} between them`
    : '';
  return `; would have found ${shift}, and an sd ratio of ${factor(detectableRatio)} in all${between}`;
}

/** One window over all instances in a line. */
export function instancesLine(verdict: InstancesVerdict): string {
  const { from, to, outcome, alone, broken } = verdict;
  const isFailure = outcome === 'fails';
  const power = isFailure ? '' : powerText(verdict);
  const reason = broken.length > 0 ? `; ${broken.join('; ')}` : '';
  return (
    `${short(from)} to ${short(to)}: ${isFailure ? 'FAILS' : outcome} (alone ${aloneText(alone)}), worst ` +
    `${shiftText(verdict)}${ratioText(verdict)}${power}${reason}`
  );
}

/** The same for a figure, where space is short. */
export function instancesNote(verdict: InstancesVerdict): string {
  const { from, to, outcome, alone, worstShift, worstSpread, detectableShift, detectableRatio } = verdict;
  const { mean, error } = worstShift.shift;
  const spread = worstSpread ? `, sd x ${short(exp(worstSpread.logRatio.mean), 2)}` : '';
  const ratio = isKnown(detectableRatio.common) ? `, sd x ${factor(detectableRatio)}` : '';
  const found = outcome === 'fails' ? '' : `; finds ${percent(detectableShift.common)}${ratio}`;
  return (
    `${short(from)} to ${short(to)}: ${outcome} (mean ${signed(mean)} ± ${(100 * error).toFixed(2)}${TIE}%${spread}${found}; alone ` +
    `${aloneText(alone)})`
  );
}

/** What the numbers of `instancesLine` mean, to be said once. */
export const INSTANCES_NOTE =
  'errors of means and ratios are by the scatter over instances, the standard deviation between instances is what exceeds ' +
  'the scatter over realisations (in brackets its error); p is for these instances, by the errors within them and by the ' +
  'scatter between them; no statement is made of instances that are drawn in another way';
