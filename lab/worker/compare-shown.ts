// The report of a surrogate as the page shows it: numbers alone, without the exchanges that they rest on.
import type { Contrast } from '../../analysis/comparison/ensemble.js';
import { describeRealisations } from '../../analysis/comparison/realisations.js';
import type { SurrogateReport } from '../../analysis/comparison/surrogate-report.js';
import type { WindowVerdict } from '../../analysis/comparison/verdict.js';
import { fittedLines, POWER_NOTE, verdictLine } from '../../analysis/comparison/verdict-text.js';
import { exp } from '../../core/kernels/elementary.js';
import type { ComparisonVerdict, LevelsOverTime, ShownContrast, ShownVerdict } from '../comparison-protocol.js';

function shownContrast({ time, level, reference, means, spread }: Contrast): ShownContrast {
  // Nothing fluctuates at the common start: a difference has no unit there.
  const unit = Number.isNaN(spread.logRatio) ? Number.NaN : reference.deviation;
  return {
    time,
    level,
    difference: means.difference / unit,
    differenceError: means.error / unit,
    logRatio: spread.logRatio,
    logRatioError: spread.error,
  };
}

function shownWindow(verdict: WindowVerdict): ShownVerdict {
  const { from, to, outcome, worstShift, meanPValue, worstSpread, spreadPValue, broken } = verdict;
  const ratio = worstSpread && {
    value: exp(worstSpread.spread.logRatio),
    low: exp(worstSpread.spread.logRatio - worstSpread.spread.error),
    high: exp(worstSpread.spread.logRatio + worstSpread.spread.error),
    level: worstSpread.level,
    pValue: spreadPValue,
  };
  return {
    from,
    to,
    outcome,
    shift: { value: worstShift.shift, error: worstShift.shiftError, level: worstShift.level, pValue: meanPValue },
    ...(ratio && { ratio }),
    detectable: { shift: verdict.detectableShift.common, ratio: verdict.detectableRatio.common },
    broken,
    line: verdictLine(verdict),
  };
}

function levelsOf(contrasts: readonly Contrast[], side: 'reference' | 'surrogate'): LevelsOverTime {
  const time = [...new Set(contrasts.map((contrast) => contrast.time))];
  const at = (of: 'mean' | 'deviation') =>
    time.map((moment) => contrasts.filter((c) => c.time === moment).map((contrast) => contrast[side][of]));
  return { time, mean: at('mean'), deviation: at('deviation') };
}

export function shownVerdict(report: SurrogateReport): ComparisonVerdict {
  const { realisations, contrasts, verdicts } = report;
  return {
    used: { reference: realisations.reference.used, surrogate: realisations.surrogate.used },
    realisations: {
      reference: describeRealisations(realisations.reference),
      surrogate: describeRealisations(realisations.surrogate),
    },
    windows: verdicts.map(shownWindow),
    contrasts: contrasts.map(shownContrast),
    levels: { reference: levelsOf(contrasts, 'reference'), surrogate: levelsOf(contrasts, 'surrogate') },
    fitted: fittedLines(report),
    note: POWER_NOTE,
  };
}
