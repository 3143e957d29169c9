// The files of a results folder that are made from the runs, or say how they were sent: nothing but their kind, that they can
// be read to the end, and their form can be checked; an archive of runs in an analysis has its seal.
import { join } from 'node:path';
import { parseCsv } from '../files/csv-cell.js';
import { listHeld, readHeld, readThroughHeld, statusHeld } from '../files/held-files.js';
import { isTemporary } from '../files/temporary-name.js';
import { attempt, damaged, type Fault, foreign, unread } from './finding.js';
import { axisText, axisValue, type RunRow } from './runs-table.js';
import { checkSeal } from './seal.js';

/** Looked at elsewhere, set aside, or written to at any moment by others. */
const LEFT_OUT = new Set(['runs', 'checkpoints', 'ends', 'failures', 'manifest.json', 'runs.csv', 'quarantine']);

/** JSON that eigenflow writes; others may lie in the folder too. */
const JSON_FILES = /(^|\/)(manifest|submission|map|zarr|comparison|verdicts)\.json$/;

/** Why a table of verdicts does not fit to the rows of the runs; undefined where it does. */
function misfitOfVerdicts(text: string, rows: ReadonlyMap<string, RunRow>): string | undefined {
  const [header = [], ...lines] = parseCsv(text);
  const id = header.indexOf('id');
  if (id < 0) return 'is no table of verdicts';
  for (const line of lines) {
    const axes = Object.entries(rows.get(line[id])?.axes ?? {});
    const other = axes.find(([name, value]) => {
      const place = header.indexOf(name);
      return place >= 0 && axisText(axisValue(line[place] ?? '')) !== axisText(value);
    });
    if (other !== undefined) return `says of the run ${line[id]} another ${other[0]} than runs.csv does`;
  }
  return undefined;
}

function faultOf(folder: string, path: string, rows: ReadonlyMap<string, RunRow>): Fault | undefined {
  const at = join(folder, path);
  if (path.endsWith('.npz')) {
    return checkSeal(readHeld(folder, at)) === 'broken'
      ? damaged('its checksum is wrong, or it was cut short')
      : undefined;
  }
  if (JSON_FILES.test(path)) {
    const parsed = attempt(() => void JSON.parse(readHeld(folder, at).toString()));
    return 'failed' in parsed ? damaged(`is not valid JSON (${parsed.failed})`) : undefined;
  }
  if (path.endsWith('verdicts.csv')) {
    const misfit = misfitOfVerdicts(readHeld(folder, at).toString(), rows);
    return misfit === undefined
      ? undefined
      : damaged(`${misfit}; "eigenflow analyse" or the run command writes it again`);
  }
  readThroughHeld(folder, at);
  return undefined;
}

export interface Rest {
  /** Files that were looked at. */
  readonly files: number;
  readonly unfinished: readonly string[];
}

/**
 * Looks at every file that no other look goes to, as deep as folders go.
 *
 * @param rows of runs.csv, as they were written
 * @param report hears of each that is not as it should be, by its path in the folder
 */
export function verifyRest(
  folder: string,
  rows: ReadonlyMap<string, RunRow>,
  report: (path: string, fault: Fault) => void,
): Rest {
  const unfinished: string[] = [];
  let files = 0;
  const look = (path: string) => {
    const status = statusHeld(folder, join(folder, path));
    const name = path.slice(path.lastIndexOf('/') + 1);
    // Gone by now.
    if (status === undefined) return;
    if (isTemporary(name)) unfinished.push(path);
    else if (status.isDirectory()) walk(path);
    else if (status.isSymbolicLink()) report(path, foreign('is a symbolic link'));
    else if (!status.isFile()) report(path, foreign('is no plain file'));
    else {
      files += 1;
      const found = attempt(() => faultOf(folder, path, rows));
      if ('failed' in found) report(path, unread(found.failed));
      else if (found.done) report(path, found.done);
    }
  };
  const walk = (within: string) => {
    const listed = attempt(() => listHeld(folder, join(folder, within)).sort());
    if ('failed' in listed) report(within, unread(listed.failed));
    for (const name of 'done' in listed ? listed.done : []) {
      if (within === '' && LEFT_OUT.has(name)) continue;
      look(within === '' ? name : `${within}/${name}`);
    }
  };
  walk('');
  return { files, unfinished };
}
