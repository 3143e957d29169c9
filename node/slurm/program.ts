// Calls the programs of Slurm that a user calls: sbatch, squeue, sinfo, scontrol. No library, no server, no root.
import { execFile } from 'node:child_process';
import { EigenflowError } from '../../core/errors.js';

/** A controller that is down keeps its programs waiting for minutes. */
const PATIENCE = 60_000;

/** The answer of a program, or what it said when it refused. */
export interface Answer {
  readonly ok: boolean;
  readonly stdout: string;
  /** One line. */
  readonly complaint: string;
}

const oneLine = (text: string) =>
  text
    .split('\n')
    .map((line) => line.replace(/^(sbatch|squeue|sinfo|scontrol): (error: )?/, '').trim())
    .filter((line) => line !== '')
    .join('; ');

/** @throws EigenflowError `cluster` when the program is not there or does not answer within a minute */
export function ask(program: 'sbatch' | 'squeue' | 'sinfo' | 'scontrol', args: readonly string[]): Promise<Answer> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { timeout: PATIENCE, maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
      if (error && error.code === 'ENOENT') {
        const message =
          'not found on this machine. Submit from a login node of a Slurm cluster; elsewhere start the parts yourself ' +
          'with "eigenflow work DIR --part i/n" (docs/clusters.md)';
        reject(new EigenflowError('cluster', program, message, { cause: error }));
      } else if (error?.killed) {
        const message = `Slurm has not answered for ${PATIENCE / 1000} s; see "scontrol ping", and try again later`;
        reject(new EigenflowError('cluster', program, message, { cause: error }));
      } else {
        resolve({ ok: !error, stdout, complaint: error ? oneLine(stderr) || error.message : '' });
      }
    });
  });
}
