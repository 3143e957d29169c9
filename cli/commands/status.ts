// `eigenflow status`: what a results folder holds, what is missing, and what the queue of a cluster says of it.
import { join } from 'node:path';
import { Command } from 'commander';
import type { Sweep } from '../../core/scenario/scenario.js';
import { listHeld } from '../../node/files/held-files.js';
import { asStored } from '../../node/results/check-manifest.js';
import { failureReasons, whichFailed } from '../../node/results/endings.js';
import { runsAskedFor } from '../../node/results/grid-extent.js';
import { manifestPath, readManifest } from '../../node/results/results-folder.js';
import { listStored, readNotedRows } from '../../node/results/stored-rows.js';
import { print } from '../print.js';
import { queueLines } from '../queue-lines.js';

/** Reasons for failing that are printed. */
const MOST_REASONS = 10;

async function execute(folder: string): Promise<void> {
  const manifest = readManifest(folder);
  const axes = manifest.axes.map((axis) => axis.name);
  const rows = [...readNotedRows(folder, axes).values()];
  const { adaptive, ...whole } = manifest.scenario.sweep ?? {};
  const asked = (sweep: Sweep) => runsAskedFor({ scenario: { ...manifest.scenario, sweep } });
  const total = asStored(manifestPath(folder), () => asked({ adaptive, ...whole }));
  const count = new Map<string, number>();
  for (const row of rows) count.set(row.status, (count.get(row.status) ?? 0) + 1);
  const checkpoints = join(folder, 'checkpoints');
  const begun = listHeld(folder, checkpoints).filter((f) => f.endsWith('.npz')).length;
  const lines = [
    manifest.title,
    `  runs      ${total}${adaptive ? ` of a grid of ${asked(whole)}` : ''}`,
    ...[...count].map(([status, n]) => `  ${status.padEnd(9)} ${n}`),
    `  missing   ${Math.max(0, total - rows.length)}${begun > 0 ? ` (${begun} with a checkpoint)` : ''}`,
  ];
  const ended = new Set(rows.map(({ id }) => id));
  const unnoted = [...listStored(folder)].filter((id) => !ended.has(id)).length;
  if (unnoted > 0) lines.push(`  not noted ${unnoted} (stored for another grid, or lost from runs.csv: run it again)`);
  lines.push(...(await queueLines(folder, (id) => !ended.has(id))));
  print(`${lines.join('\n')}\n`);
  const reasons = failureReasons(rows);
  for (const reason of reasons.slice(0, MOST_REASONS)) {
    print(`  failed: ${whichFailed(reason)}: ${reason.message}\n`);
  }
  if (reasons.length > MOST_REASONS) {
    print(`  ... and ${reasons.length - MOST_REASONS} more reasons; see ${join(folder, 'runs.csv')}\n`);
  }
}

export function statusCommand(): Command {
  return new Command('status')
    .description('say what a results folder holds, what is missing, and what is in the queue')
    .argument('<folder>', 'results folder')
    .action(execute);
}
