// Checks a map: runs of cells all over it are computed again, one after the other, and held against what is stored.
import { signal } from '@preact/signals';
import type { Place, Replay, StoredRun } from '../../protocol.js';
import { engines, mapTable, onStudy, replayRun, study } from '../state.js';
import { atSpot, witnesses } from './map-state.js';
import { axisWords } from './reading.js';
import { spreadOver } from './spread.js';

/** Cells of a check. */
export const CHECKED = 20;

export interface Found {
  /** In words. */
  readonly place: string;
  readonly run: StoredRun;
  readonly replay: Replay;
}

export interface MapCheck {
  readonly going: boolean;
  /** Cells that it is about. */
  readonly planned: number;
  readonly found: readonly Found[];
}

export const mapCheck = signal<MapCheck | undefined>(undefined);

onStudy.push(() => {
  mapCheck.value = undefined;
});

/** Ends the check; what it has found stays. */
export function stopCheck(): void {
  if (mapCheck.value?.going) mapCheck.value = { ...mapCheck.value, going: false };
  engines.archive.stopReplay();
}

/** Computes a run again and marks its cell. */
export async function witness(run: StoredRun, at: Place['at']) {
  witnesses.value = [...witnesses.value.filter(({ id }) => id !== run.id), { id: run.id, at, seed: run.seed }];
  return replayRun(run.id);
}

export async function checkMap(count = CHECKED): Promise<void> {
  const map = mapTable.value;
  const opened = study.value;
  if (!map || !opened) return;
  const cells = spreadOver(
    map.table.cells.map(({ column, row }) => ({ column, row })),
    map.table.cells.length,
  );
  mapCheck.value = { going: true, planned: Math.min(count, cells.length), found: [] };
  const goesOn = () => mapCheck.value?.going === true && study.value === opened;
  let tried = 0;
  for (const cell of cells) {
    if (!goesOn() || (mapCheck.value?.found.length ?? 0) >= count) break;
    const at = atSpot(cell);
    const runs = (await engines.archive.runsAt(at)).filter(({ proof }) => proof !== 'none');
    if (runs.length === 0 || !goesOn()) continue;
    const run = runs[tried % runs.length];
    tried += 1;
    const replay = await witness(run, at);
    const check: MapCheck | undefined = mapCheck.value;
    if (!check || replay.verdict === 'stopped') break;
    mapCheck.value = { ...check, found: [...check.found, { place: axisWords(map, cell), run, replay }] };
  }
  const check = mapCheck.value;
  if (check && study.value === opened) {
    // Fewer cells than planned may have runs.
    const planned = check.going ? check.found.length : check.planned;
    mapCheck.value = { ...check, going: false, planned };
  }
}
