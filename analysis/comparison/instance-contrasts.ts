// Levels of a surrogate against those of its reference, time by time and level by level, over several instances.
import { type OverInstances, overInstances } from './components.js';
import type { Contrast } from './ensemble.js';
import { type MeanContrast, testOfZero } from './means.js';
import { meanSpread } from './scatter.js';
import type { SpreadContrast } from './spread.js';

/** One level at one time over all instances. */
export interface ContrastOverInstances {
  readonly time: number;
  /** Number of the level, from 1, largest first. */
  readonly level: number;
  /** Relative shift of the mean. */
  readonly shift: OverInstances;
  /** Whether the mean of the shifts is 0 in these instances, by the errors within them. */
  readonly means: MeanContrast;
  /** Logarithm of the ratio of standard deviations; its errors within are by exchange of realisations. */
  readonly logRatio: OverInstances;
  /** The mean log ratio. */
  readonly spread: SpreadContrast;
  /** Of every instance. */
  readonly spreads: readonly SpreadContrast[];
}

/**
 * @param contrasts of one surrogate, by instance
 * @throws RangeError where instances were looked at at other times or in other levels
 */
export function contrastsOverInstances(contrasts: readonly (readonly Contrast[])[]): ContrastOverInstances[] {
  const [first] = contrasts;
  return first.map(({ time, level }, i) => {
    const cells = contrasts.map((own) => own[i]);
    const other = cells.findIndex((cell) => cell?.time !== time || cell.level !== level);
    if (other >= 0 || contrasts.some((own) => own.length !== first.length)) {
      throw new RangeError(`instances 1 and ${other < 0 ? 'another' : other + 1} were looked at at other times`);
    }
    // In the unit of the reference's mean, as its test knows it.
    const shift = overInstances(
      cells.map(({ means, reference }) => {
        const size = Math.abs(reference.mean);
        return { value: means.difference / size, error: means.error / size, degrees: means.degrees };
      }),
    );
    const spreads = cells.map(({ spread }) => spread);
    const logRatio = overInstances(
      cells.map(({ spread: { logRatio, error }, reference, surrogate }) => {
        return { value: logRatio, error, degrees: reference.n + surrogate.n - 2 };
      }),
    );
    return {
      time,
      level,
      shift,
      means: testOfZero(shift.mean, shift.errorOfThese, shift.degreesWithin),
      logRatio,
      spread: meanSpread(spreads),
      spreads,
    };
  });
}
