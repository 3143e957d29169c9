// The one-node Slurm of one-node.sh for tests, and what they ask of it.
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('./one-node.sh', import.meta.url));

/** Why there is no Slurm to test with; empty where there is one. */
export function slurmIsMissing(): string {
  const programs = ['sbatch', 'slurmctld', 'slurmd', 'munged'];
  const path = `${process.env['PATH']}:/usr/sbin:/sbin`;
  const missing = programs.filter((program) => spawnSync('which', [program], { env: { PATH: path } }).status !== 0);
  return missing.length === 0 ? '' : `${missing.join(', ')} not found; as root: ${script} install`;
}

export interface OneNode {
  /** For programs that shall talk to it. */
  readonly environment: NodeJS.ProcessEnv;
  /** The answer of a program of Slurm. @throws when it refuses */
  ask(program: string, ...args: readonly string[]): string;
  /** A field of `scontrol show job`, as `JobState`. */
  field(job: string, name: string): string;
  stop(): void;
}

/** @param folder an empty folder for its files */
export function startOneNode(folder: string): OneNode {
  execFileSync(script, ['start', folder], { stdio: ['ignore', 'inherit', 'inherit'] });
  const environment = { ...process.env, SLURM_CONF: `${folder}/slurm.conf` };
  const ask = (program: string, ...args: readonly string[]) =>
    execFileSync(program, args, { env: environment, encoding: 'utf8' });
  return {
    environment,
    ask,
    field: (job, name) => new RegExp(`\\b${name}=(\\S*)`).exec(ask('scontrol', 'show', 'job', job))?.[1] ?? '',
    stop() {
      spawnSync('scancel', ['--user', String(process.getuid?.())], { env: environment });
      execFileSync(script, ['stop', folder]);
    },
  };
}
