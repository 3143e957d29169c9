// Kills a sweep at random moments, drawn from a seed, and starts it again after each; says what came of it.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Scenario } from '../../core/scenario/scenario.js';
import { verifyFolder } from '../../node/results/verify.js';
import { digestsOf, eightRuns } from '../node/scenarios.js';

export interface Toll {
  readonly kills: number;
  /** Kills after which runs were still missing. */
  readonly hits: number;
  /** Runs that processes said to have stored before they were killed. */
  readonly stored: number;
  /** Runs that were computed again after they had been stored. */
  readonly twice: readonly string[];
  /** Runs whose bytes are not those of an unbroken sweep, or that are on one side only. */
  readonly differing: readonly string[];
  /** What is left in the folder that does not belong there. */
  readonly left: readonly string[];
}

const SEEDS = 24;
/** Short runs, of which a process computes several a second. */
export const sweepToKill: Scenario = {
  ...eightRuns,
  steps: 60_000,
  sweep: { axes: { 'model.initialWidth': [0.5, 2] }, seeds: SEEDS / 2 },
};

/** Uniform on (0, 1), repeatable. */
export function randomSource(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
}

/**
 * Runs after whose end a process that is to be killed computes no further: however late the kill comes, a sweep that it
 * has begun is not complete then, so at least one kill in two hits.
 */
const MOST_RUNS = 9;

/** Runs the study until it ends, or is killed so many milliseconds after the first run has ended. */
function runFor(folder: string, out: string, milliseconds = Infinity): Promise<string[]> {
  const isKilled = milliseconds < Infinity;
  const numbers = isKilled ? ['2', '0.05', String(MOST_RUNS)] : ['2', '0.05'];
  const script = fileURLToPath(new URL('../node/study-process.mjs', import.meta.url));
  const args = [script, join(folder, 'scenario.json'), out, ...numbers];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    let timer: NodeJS.Timeout | undefined;
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (isKilled) timer ??= setTimeout(() => child.kill('SIGKILL'), milliseconds);
    });
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(timer);
      resolve(text.match(/(?<=ended )[0-9a-f]{20}(?=\n)/g) ?? []);
    });
  });
}

const storedIn = (out: string) =>
  readdirSync(join(out, 'runs'))
    .filter((name) => name.endsWith('.npz') && !name.startsWith('.'))
    .map((name) => name.slice(0, -'.npz'.length));

/**
 * @param kills how often
 * @param seed of the moments: between 0 and 300 ms after the first run of each process has ended
 */
export async function killAgainAndAgain(kills: number, seed: number): Promise<Toll> {
  const folder = mkdtempSync(join(tmpdir(), 'eigenflow-kill-'));
  try {
    writeFileSync(join(folder, 'scenario.json'), JSON.stringify(sweepToKill));
    const whole = join(folder, 'whole');
    await runFor(folder, whole);
    const expected = digestsOf(whole);
    const random = randomSource(seed);
    const twice = new Set<string>();
    let out = '';
    let made = 0;
    let hits = 0;
    let stored = 0;
    const differing: string[] = [];
    const left: string[] = [];
    const conclude = async () => {
      const before = new Set(storedIn(out));
      for (const id of await runFor(folder, out)) if (before.has(id)) twice.add(id);
      const found = digestsOf(out);
      const names = new Set([...Object.keys(expected), ...Object.keys(found)]);
      differing.push(...[...names].filter((name) => expected[name] !== found[name]));
      left.push(...verifyFolder(out).findings.map(({ path }) => path));
      left.push(
        ...readdirSync(out).filter((name) => !['checkpoints', 'manifest.json', 'runs', 'runs.csv'].includes(name)),
      );
      left.push(
        ...readdirSync(join(out, 'checkpoints')).filter((name) => name.endsWith('.npz') && !name.startsWith('.')),
      );
    };
    for (let sweep = 0; made < kills; sweep++) {
      out = join(folder, `out-${sweep}`);
      for (let known = new Set<string>(); made < kills && known.size < SEEDS; ) {
        const ended = await runFor(folder, out, 300 * random());
        made += 1;
        for (const id of ended) if (known.has(id)) twice.add(id);
        stored += ended.length;
        known = new Set(storedIn(out));
        if (known.size < SEEDS) hits += 1;
      }
      await conclude();
    }
    return { kills: made, hits, stored, twice: [...twice], differing, left };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
