// Real processes that contend for one claim, and are killed at moments drawn from a seed: who was inside when.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openClaims } from '../../node/results/claims.js';
import { randomSource } from './kill.js';

export interface ContestOptions {
  readonly processes: number;
  readonly kills: number;
  readonly seed: number;
}

export interface Contested {
  /** Times that a process had the claim. */
  readonly turns: number;
  readonly kills: number;
  /** Kills that came while the process had the claim. */
  readonly killedInside: number;
  /** Lines of the journal at which a second process came in. */
  readonly overlaps: readonly string[];
  /** Files that are left when all have gone and one more has swept. */
  readonly left: readonly string[];
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export async function contest({ processes, kills, seed }: ContestOptions): Promise<Contested> {
  const folder = mkdtempSync(join(tmpdir(), 'eigenflow-contest-'));
  const journal = join(folder, 'journal');
  const script = fileURLToPath(new URL('./claim-contest-process.ts', import.meta.url));
  const lines = () => (existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').slice(0, -1) : []);
  const start = () => {
    const child = spawn(process.execPath, ['--import', 'tsx', script, folder], {
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    return { child, closed: new Promise((resolve) => child.on('close', resolve)) };
  };
  const hasBegun = async ({ pid }: ChildProcess) => {
    while (!lines().includes(`enter ${pid}`)) await pause(20);
  };
  try {
    const random = randomSource(seed);
    const contenders = Array.from({ length: processes }, start);
    await Promise.all(contenders.map(({ child }) => hasBegun(child)));
    const killed = new Set<string>();
    for (let i = 0; i < kills; i++) {
      await pause(100 * random());
      const victim = Math.floor(processes * random());
      const { child, closed } = contenders[victim];
      child.kill('SIGKILL');
      await closed;
      killed.add(String(child.pid));
      contenders[victim] = start();
      await hasBegun(contenders[victim].child);
    }
    for (const { child } of contenders) child.stdin?.end();
    await Promise.all(contenders.map(({ closed }) => closed));
    const last = openClaims(folder);
    last.sweep(new Set(['run']));
    last.close();
    return { ...judge(lines(), killed), kills, left: readdirSync(folder).filter((name) => name !== 'journal') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whoever is inside leaves before another one enters, or has been killed there. */
function judge(lines: readonly string[], killed: ReadonlySet<string>) {
  let inside: string | undefined;
  let turns = 0;
  let killedInside = 0;
  const overlaps: string[] = [];
  for (const [i, line] of lines.entries()) {
    const [what, pid] = line.split(' ');
    if (what === 'enter') {
      turns += 1;
      if (inside !== undefined) {
        const isDead = killed.has(inside) && !lines.slice(i).some((later) => later.endsWith(` ${inside}`));
        if (isDead) killedInside += 1;
        else overlaps.push(`${i + 1}: ${line}, and ${inside} is inside`);
      }
      inside = pid;
    } else if (inside === pid) inside = undefined;
    else overlaps.push(`${i + 1}: ${line}, and ${inside} is inside`);
  }
  return { turns, killedInside, overlaps };
}
