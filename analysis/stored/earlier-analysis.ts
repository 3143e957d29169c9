// The folder of an analysis of checkpoints is that of the latest one: what an earlier one left goes when the new one is there,
// so that no figure and no run is of layers that were not asked for.
import { join } from 'node:path';
import { EigenflowError } from '../../core/errors.js';
import { listHeld, removeHeld } from '../../node/files/held-files.js';
import { isNamed, isNamedFolder } from '../../node/files/named-file.js';
import { isResults, readManifest, runPath } from '../../node/results/results-folder.js';
import { listStored } from '../../node/results/stored-rows.js';

const REMEDY = 'choose another --out folder';

/** @throws EigenflowError `results` for a folder that holds something else, which an analysis would mix with or replace */
export function checkAnalysisFolder(out: string): void {
  if (!isNamed(out)) return;
  if (!isNamedFolder(out)) throw new EigenflowError('results', out, `is a file, not a folder; ${REMEDY}`);
  if (!isResults(out)) {
    // An analysis that was killed before its end leaves runs.
    const others = listHeld(out, out).filter((name) => !name.startsWith('.') && name !== 'runs');
    if (others.length === 0) return;
    throw new EigenflowError('results', out, `holds other files and no results; ${REMEDY}`);
  }
  const { checkpoints, scenario, title } = readManifest(out);
  // Older folders name a model of their own for it.
  if (checkpoints !== undefined || scenario.model?.use === 'recorded-weights') return;
  throw new EigenflowError('results', out, `holds results of a scenario ("${title}"); ${REMEDY}`);
}

/** Figures of an analysis, of whatever layers, in all formats and with their tables. */
const FIGURE = /^(levels|span|bulk|spacing|density)-[\w-]+\.(svg|pdf|png|csv)$/;
/** What commands make of the results, by the names that they give it. */
const DERIVED = ['dataset.csv', 'dataset.parquet', 'dataset.nc', 'dataset.zarr', 'report.html', 'fits', 'evidence.csv'];

/** Removes what an earlier analysis has left. @throws EigenflowError `file` */
export function removeEarlier(out: string): void {
  for (const id of listStored(out)) removeHeld(out, runPath(out, id));
  const figures = join(out, 'figures');
  for (const name of listHeld(out, figures)) if (FIGURE.test(name)) removeHeld(out, join(figures, name));
  for (const name of DERIVED) removeHeld(out, join(out, name), { recursive: true });
}
