// What a Slurm cluster offers: partitions with their limits and nodes, and the longest array.
import { EigenflowError, suggestOrStop } from '../../core/errors.js';
import { ask } from './program.js';
import { readWallTime } from './wall-time.js';

export interface Partition {
  readonly name: string;
  readonly isDefault: boolean;
  readonly isUp: boolean;
  /** Longest wall time, seconds; Infinity where there is no limit. */
  readonly maxSeconds: number;
  /** Cores of its smallest and its largest node. NaN for a partition without nodes. */
  readonly cores: { readonly least: number; readonly most: number };
}

export interface Cluster {
  readonly partitions: readonly Partition[];
  /** Largest number of tasks in one array job. */
  readonly maxArray: number;
}

async function answerOf(program: 'sinfo' | 'scontrol', args: readonly string[]): Promise<string> {
  const { ok, stdout, complaint } = await ask(program, args);
  if (!ok) throw new EigenflowError('cluster', program, `${complaint}. Is this a machine of a running Slurm cluster?`);
  return stdout;
}

/** Values of `Key=value` pairs on one line, as `scontrol --oneliner` prints them. */
function pairs(line: string): Map<string, string> {
  return new Map([...line.matchAll(/(\S+?)=(\S*)/g)].map(([, key, value]) => [key, value]));
}

/** @throws EigenflowError `cluster` when Slurm is not there or does not answer */
export async function readCluster(): Promise<Cluster> {
  const [config, partitions, nodes] = await Promise.all([
    answerOf('scontrol', ['show', 'config']),
    answerOf('scontrol', ['show', 'partition', '--oneliner']),
    answerOf('sinfo', ['--noheader', '--exact', '--format=%R|%c']),
  ]);
  const cores = new Map<string, number[]>();
  for (const line of nodes.trim().split('\n')) {
    const [name, count] = line.split('|');
    cores.set(name, [...(cores.get(name) ?? []), Number.parseInt(count, 10)]);
  }
  return {
    maxArray: Number(/^MaxArraySize\s*=\s*(\d+)/m.exec(config)?.[1] ?? 1001),
    partitions: partitions
      .trim()
      .split('\n')
      .filter((line) => line.startsWith('PartitionName='))
      .map((line) => {
        const value = pairs(line);
        const name = value.get('PartitionName') as string;
        const counts = cores.get(name) ?? [];
        return {
          name,
          isDefault: value.get('Default') === 'YES',
          isUp: value.get('State') === 'UP',
          maxSeconds: readWallTime(value.get('MaxTime') ?? '') ?? Number.POSITIVE_INFINITY,
          cores: counts.length === 0 ? NO_NODES : { least: Math.min(...counts), most: Math.max(...counts) },
        };
      }),
  };
}

const NO_NODES = { least: Number.NaN, most: Number.NaN };

/**
 * @param name undefined for the default partition
 * @throws EigenflowError `cluster` when there is no such partition, or it is closed
 */
export function findPartition({ partitions }: Cluster, name: string | undefined): Partition {
  const known = partitions.map((partition) => partition.name);
  const found = partitions.find((partition) => (name === undefined ? partition.isDefault : partition.name === name));
  if (!found && name === undefined) {
    const message = `this cluster has no default partition; name one of: ${known.join(', ')}`;
    throw new EigenflowError('cluster', '--partition', message);
  }
  if (!found) {
    const message = `no such partition${suggestOrStop(name as string, known)} Partitions here: ${known.join(', ')}`;
    throw new EigenflowError('cluster', `--partition ${name}`, message);
  }
  if (!found.isUp) {
    throw new EigenflowError('cluster', `--partition ${found.name}`, 'is closed at present; choose another one');
  }
  return found;
}
