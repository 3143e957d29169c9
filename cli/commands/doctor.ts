// `eigenflow doctor`: whether this machine and this folder are fit for long sweeps.
import { Command } from 'commander';
import { EigenflowError } from '../../core/errors.js';
import { isNamed } from '../../node/files/named-file.js';
import { checkMachine } from '../../node/machine-check.js';
import { print } from '../print.js';

const MARKS = { good: 'ok', bad: 'BAD', note: '-' } as const;

function execute(folder: string): void {
  if (!isNamed(folder)) throw new EigenflowError('file', folder, 'there is no such folder; name one that exists');
  const checks = checkMachine(folder);
  for (const { name, verdict, text } of checks) {
    print(`${MARKS[verdict].padEnd(4)} ${name.padEnd(13)} ${text}\n`);
  }
  if (checks.some(({ verdict }) => verdict === 'bad')) process.exitCode = 1;
}

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('check kernels, player, SIMD, Node, disk and Slurm')
    .argument('[folder]', 'where results shall lie', '.')
    .action(execute)
    .addHelpText('after', '\nExit status: 0 when nothing is bad, 1 otherwise.');
}
