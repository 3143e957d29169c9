// `eigenflow verify`: finds damaged and foreign files of a results folder, sets them aside, names the runs to redo.
import { dirname } from 'node:path';
import { Command } from 'commander';
import { type Verification, verifyFolder } from '../../node/results/verify.js';
import { print } from '../print.js';

function describe({ id, row }: Verification['redo'][number]): string {
  if (!row) return id;
  const axes = Object.entries(row.axes).map(([axis, value]) => `${axis} = ${JSON.stringify(value)}`);
  return `${id}  ${[...axes, `seed ${row.seed}`].join(', ')}`;
}

function execute(folder: string, { dryRun }: { dryRun: boolean }): void {
  const { manifest, runs, unsealed, others, unproved, unfinished, findings, leftOver, redo } = verifyFolder(
    folder,
    !dryRun,
  );
  const say = (line: string) => print(`${line}\n`);
  const bad = findings.filter(({ kind, path }) => kind !== 'lost' && dirname(path) === 'runs').length;
  say(`${manifest.title}: ${runs} stored runs looked at, ${Math.max(0, runs - bad)} intact`);
  if (others > 0) say(`${others} other files read to their end`);
  if (unproved.length > 0)
    say(
      `written by an earlier version, without a checksum: ${unproved.join(' and ')}; the run command writes them again`,
    );
  if (unsealed > 0) say(`${unsealed} of them carry no checksum of their own; their arrays were checked one by one`);
  if (unfinished.length > 0) say(`${unfinished.length} unfinished files of killed processes; they may be deleted`);
  if (leftOver.length > 0)
    say(
      `${leftOver.length} of them hold channels that this study does not measure, as from another version; they stay`,
    );
  for (const { kind, path, reason, movedTo, corrected } of findings) {
    const done = movedTo === undefined ? '' : `; moved to ${movedTo}`;
    say(`${kind.padEnd(8)} ${path}: ${reason}${done}${corrected ? '; corrected' : ''}`);
  }
  if (redo.length > 0) {
    say(`runs to compute again (the same run command does it): ${redo.length}`);
    for (const run of redo) say(`  ${describe(run)}`);
  }
  if (findings.length > 0) process.exitCode = 1;
}

export function verifyCommand(): Command {
  return new Command('verify')
    .description('check every file of a results folder; damaged ones are moved into its quarantine/')
    .argument('<folder>', 'results folder')
    .option('--dry-run', 'only tell: move nothing', false)
    .action(execute)
    .addHelpText('after', '\nExit status: 0 when all is well, 1 when something was found.');
}
