// `eigenflow status`: what a results folder holds, what is missing, and what the queue of a cluster says of it.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { planAdaptive } from '../../core/adaptive/plan.js';
import { failureReasons, whichFailed } from '../../core/node/results/endings.js';
import { readManifest } from '../../core/node/results/results-folder.js';
import { listStored, readNotedRows } from '../../core/node/results/stored-rows.js';
import { expandSweep } from '../../core/scenario/sweep.js';
import { queueLines } from '../queue-lines.js';

/** Reasons for failing that are printed. */
const MOST_REASONS = 10;

async function execute(folder: string): Promise<void> {
  const manifest = readManifest(folder);
  const axes = manifest.axes.map((axis) => axis.name);
  const rows = [...readNotedRows(folder, axes).values()];
  const grid = expandSweep(manifest.scenario);
  const { adaptive } = manifest.scenario.sweep ?? {};
  const total = adaptive ? planAdaptive(adaptive, grid).runs : grid.cells.length * grid.seeds;
  const count = new Map<string, number>();
  for (const row of rows) count.set(row.status, (count.get(row.status) ?? 0) + 1);
  const checkpoints = join(folder, 'checkpoints');
  const begun = existsSync(checkpoints) ? readdirSync(checkpoints).filter((f) => f.endsWith('.npz')).length : 0;
  const lines = [
    manifest.title,
    `  runs      ${total}${adaptive ? ` of a grid of ${grid.cells.length * grid.seeds}` : ''}`,
    ...[...count].map(([status, n]) => `  ${status.padEnd(9)} ${n}`),
    `  missing   ${Math.max(0, total - rows.length)}${begun > 0 ? ` (${begun} with a checkpoint)` : ''}`,
  ];
  const ended = new Set(rows.map(({ id }) => id));
  const unnoted = [...listStored(folder)].filter((id) => !ended.has(id)).length;
  if (unnoted > 0) lines.push(`  not noted ${unnoted} (stored for another grid, or lost from runs.csv: run it again)`);
  lines.push(...(await queueLines(folder, (id) => !ended.has(id))));
  process.stdout.write(`${lines.join('\n')}\n`);
  const reasons = failureReasons(rows);
  for (const reason of reasons.slice(0, MOST_REASONS)) {
    process.stdout.write(`  failed: ${whichFailed(reason)}: ${reason.message}\n`);
  }
  if (reasons.length > MOST_REASONS) {
    process.stdout.write(`  ... and ${reasons.length - MOST_REASONS} more reasons; see ${join(folder, 'runs.csv')}\n`);
  }
}

export function statusCommand(): Command {
  return new Command('status')
    .description('say what a results folder holds, what is missing, and what is in the queue')
    .argument('<folder>', 'results folder')
    .action(execute);
}
