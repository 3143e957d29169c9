// Which rows of a validation count, whether they agree, and what they could have found: from the values that a row accepts
// and those that are possible, so that a row that cannot fail is never counted.
import { type Check, type Interval, median } from './check.js';

export interface Verdict {
  /** Undefined where the row does not count. */
  readonly agrees: boolean | undefined;
  /** Why the row does not count; empty where it does. */
  readonly because: string;
  /**
   * The smallest deviation from the expected value that would have failed, as a share of the row's unit; NaN where no
   * value is expected.
   */
  readonly share: number;
}

const contains = ([low, high]: Interval, value: number) => low <= value && value <= high;
const isBounded = ([low, high]: Interval) => Number.isFinite(high - low);

/** Distance from the expected value to the nearest possible one that is not accepted. */
function smallestFailing({ expected, possible }: Check, accepted: Interval): number {
  if (!contains(accepted, expected)) return Number.NaN;
  const down = accepted[0] > possible[0] ? expected - accepted[0] : Number.POSITIVE_INFINITY;
  const up = accepted[1] < possible[1] ? accepted[1] - expected : Number.POSITIVE_INFINITY;
  return Math.min(down, up);
}

function unitOf({ unit, possible, expected }: Check): number {
  return unit ?? (isBounded(possible) ? possible[1] - possible[0] : Math.abs(expected));
}

/** A row that accepts this part of a bounded range, or fails only from this part of its unit on, says too little. */
const TOO_WEAK = 0.9;

function isNearlyEverything([low, high]: Interval, possible: Interval): boolean {
  const kept = Math.min(high, possible[1]) - Math.max(low, possible[0]);
  return isBounded(possible) && kept >= TOO_WEAK * (possible[1] - possible[0]);
}

/**
 * A row that has not failed does not count when nothing is claimed in it, when every possible value would have been
 * agreement, or nearly every one, or when only deviations about as large as its unit (the expected value itself, the
 * whole range) would not have been. A row that has failed always counts.
 */
export function verdictOf(check: Check): Verdict {
  const { accepted, possible, measured, precise = true, finds } = check;
  const shown = (because: string): Verdict => ({ agrees: undefined, because, share: Number.NaN });
  if (accepted === undefined) return shown('nothing claimed');
  if (accepted[0] <= possible[0] && accepted[1] >= possible[1]) return shown('cannot fail');
  const deviation = smallestFailing(check, accepted);
  const unit = unitOf(check);
  const share = finds ?? (deviation === 0 ? 0 : deviation / unit);
  const agrees = precise && contains(accepted, measured);
  if (!agrees) return { agrees, because: '', share };
  if (finds === undefined && deviation > 0 && !(unit > 0)) return shown('no unit of deviations');
  const isWeak = share >= TOO_WEAK || (finds === undefined && isNearlyEverything(accepted, possible));
  return isWeak ? { agrees: undefined, because: 'too weak', share: Number.NaN } : { agrees, because: '', share };
}

const number = (value: number) => (Number.isNaN(value) ? '' : Number(value.toPrecision(4)).toString());
const percent = (share: number) => (Number.isNaN(share) ? '' : `${Number((100 * share).toPrecision(2))} %`);

/** "below 0.2, above 0.6": possible values that would have failed. */
function failing({ accepted, possible }: Check): string {
  if (accepted === undefined) return '';
  const sides = [
    ...(accepted[0] > possible[0] ? [`below ${number(accepted[0])}`] : []),
    ...(accepted[1] < possible[1] ? [`above ${number(accepted[1])}`] : []),
  ];
  return sides.join(', ');
}

/** A table in markdown, one row a check. */
export function tableOf(checks: readonly Check[]): string {
  const rows = checks.map((check) => {
    const { agrees, because, share } = verdictOf(check);
    const said = agrees === undefined ? `not counted: ${because}` : agrees ? 'yes' : 'NO';
    const { what, expected, measured, error, n, tolerance } = check;
    const cells = [what, number(expected), number(measured), number(error), n, tolerance];
    return `| ${[...cells, failing(check), percent(share), said].join(' | ')} |`;
  });
  const header = ['quantity', 'expected', 'measured', 'error', 'N', 'tolerance', 'fails', 'from', 'agrees'];
  return [`| ${header.join(' | ')} |`, `|${'---|'.repeat(header.length)}`, ...rows].join('\n');
}

export interface Score {
  readonly agree: number;
  readonly fail: number;
  /** Rows without a verdict. */
  readonly shown: number;
  /** Shares of all rows that count and expect a value, ascending. */
  readonly shares: readonly number[];
}

export function scoreOf(checks: readonly Check[]): Score {
  const verdicts = checks.map(verdictOf);
  const count = (agrees: boolean | undefined) => verdicts.filter((verdict) => verdict.agrees === agrees).length;
  const shares = verdicts.map(({ share }) => share).filter((share) => !Number.isNaN(share));
  return { agree: count(true), fail: count(false), shown: count(undefined), shares: shares.sort((a, b) => a - b) };
}

/** The score and the power behind it in a sentence or two. */
export function summaryOf(checks: readonly Check[]): string {
  const { agree, fail, shown, shares } = scoreOf(checks);
  const counted = agree + fail;
  const rows = (n: number) => (n === 1 ? '1 row' : `${n} rows`);
  const score = `${agree} of ${rows(counted)} that could fail agree`;
  const power =
    shares.length === 0
      ? ''
      : `; the smallest deviation that would have failed is ${percent(median(shares))} (median of ${rows(shares.length)} ` +
        `that expect a value; ${percent(shares[0])} to ${percent(shares[shares.length - 1])})`;
  return `${score}${power}${shown === 0 ? '' : `; ${rows(shown)} shown without a verdict`}.`;
}
