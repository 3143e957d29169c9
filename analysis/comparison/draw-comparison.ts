// The figure of a comparison, from its stored runs.
import { basename, resolve } from 'node:path';
import type { FigureWidth } from '../../core/contracts/figure.js';
import { EigenflowError } from '../../core/errors.js';
import { packageVersion } from '../../node/scenario/load-module.js';
import type { Drawn } from '../figures/draw-figure.js';
import type { FigureOrigin } from '../figures/figure-origin.js';
import { dataId, figureTarget, writeFigure } from '../figures/figures.js';
import { FIGURE_FORMATS, type FigureFormat } from '../figures/render-figure.js';
import { comparisonSpec } from './comparison-spec.js';
import { comparisonCsv } from './comparison-tables.js';
import { instancesNote } from './instances-text.js';
import type { ComparedInstances } from './read-comparison.js';
import { describeRealisations } from './realisations.js';
import { verdictNote } from './verdict-text.js';

/** The only figure that there is. */
const FIGURE = 'comparison';

export interface ComparisonFigureOptions {
  readonly only?: readonly string[];
  /** Default: all. */
  readonly formats?: readonly FigureFormat[];
  /** Default: the page. */
  readonly width?: FigureWidth;
  /** Folder to write to. Default: `figures` in the folder of the comparison. */
  readonly out?: string;
}

/** The figure with what it says of its origin. @param out folder of the comparison */
export function comparisonFigure(
  out: string,
  { record, reports, realisations, runs, instances, overall }: ComparedInstances,
  width?: FigureWidth,
): Pick<Drawn, 'spec' | 'csv'> & { readonly origin: FigureOrigin } {
  const { title } = record;
  const ofFirst = instances.length > 1 ? `, instance 1 of ${instances.length}` : '';
  const sample = `${describeRealisations(realisations)}${ofFirst}`;
  const panels = reports.map((report, i) => ({
    surrogate: report.surrogate,
    contrasts: report.contrasts,
    sample: `${describeRealisations(report.realisations.surrogate)}${ofFirst}`,
    verdicts: [
      ...report.verdicts.map(verdictNote),
      ...(overall.length > 0 ? [`over ${instances.length} instances:`, ...overall[i].verdicts.map(instancesNote)] : []),
    ],
  }));
  const command = `eigenflow figures ${basename(resolve(out))}${width === undefined ? '' : ` --width ${width}`}`;
  return {
    spec: comparisonSpec({ title, sample, panels }, width),
    csv: [comparisonCsv(instances)],
    origin: { title, sample, data: dataId(runs), command, version: packageVersion() },
  };
}

/**
 * Writes `comparison.svg`, `.pdf`, `.png` and `.csv`.
 *
 * @param folder of the comparison
 * @returns the paths written
 * @throws EigenflowError `results` for a figure that there is not
 */
export async function drawComparison(
  folder: string,
  compared: ComparedInstances,
  { only, formats = FIGURE_FORMATS, width, out }: ComparisonFigureOptions = {},
): Promise<string[]> {
  const other = only?.find((name) => name !== FIGURE);
  if (other !== undefined) {
    throw new EigenflowError('results', folder, `no figure called "${other}"; a comparison has one: ${FIGURE}`);
  }
  const { spec, csv, origin } = comparisonFigure(folder, compared, width);
  return writeFigure(figureTarget(folder, out), FIGURE, { spec, csv }, { ...origin, formats });
}
