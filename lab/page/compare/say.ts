// Numbers of a comparison in words.
import type { Outcome } from '../../../analysis/comparison/verdict.js';
import type { ShownVerdict } from '../../comparison-protocol.js';

export const short = (value: number, digits = 3): string =>
  Number.isFinite(value) ? Number(value.toPrecision(digits)).toString() : '';

export const percent = (value: number, digits = 2): string => `${short(100 * value, digits)} %`;

export function withSign(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(100 * value).toFixed(2)}`;
}

export const pValue = (p: number): string => (p < 0.001 ? '< 0.001' : short(p, 2));

/** Beyond it a ratio says no more than that little would have been found. */
const LARGE_RATIO = 10;

/** What would have been found in all levels alike. */
export function sayPower({ detectable: { shift, ratio } }: ShownVerdict): string {
  const ofRatio = Number.isNaN(ratio) ? '' : `, ratio ${ratio > LARGE_RATIO ? `over ${LARGE_RATIO}` : short(ratio, 2)}`;
  return `${percent(shift)}${ofRatio}`;
}

/** What the verdict means, in a sentence. */
export const MEANING: Readonly<Record<Outcome, string>> = {
  agrees: 'No difference was found, and one of 5 % in all means or of a factor 2 in all spreads would have been.',
  fails: 'Means or spreads differ by more than chance.',
  'cannot tell':
    'No difference was found, but a difference that matters would not have been found either (more realisations will ' +
    'tell), or the dynamics differ as they are declared.',
};

/** Since how many realisations a window has had the verdict that it has. */
export function agreedSince(
  history: readonly { readonly used: number; readonly outcomes: readonly string[] }[],
  window: number,
): number | undefined {
  let since: number | undefined;
  const last = history[history.length - 1]?.outcomes[window];
  for (let i = history.length - 1; i >= 0 && history[i].outcomes[window] === last; i--) since = history[i].used;
  return since;
}
