// Sends the signals of batch systems, and SIGKILL, to the command at random moments, drawn from a seed, and gives the
// command again after each; says what came of it.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyFolder } from '../../node/results/verify.js';
import { main } from '../cli/command.js';
import { digestsOf } from '../node/scenarios.js';
import { randomSource, sweepToKill } from './kill.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGUSR1', 'SIGUSR2', 'SIGXCPU', 'SIGKILL'] as const;

/** Status of a command that a signal ended before it had runs under way; undefined for one that ended itself. */
const AS_STATUS: Readonly<Record<string, number>> = { SIGUSR1: 138 };

export interface Signalled {
  readonly signals: number;
  /** Signals that came while runs were missing. */
  readonly hits: number;
  /** Milliseconds from a signal to the end of the process, the longest. */
  readonly slowest: number;
  /** Ends that were neither of the signal, nor with status 1 and checkpoints, nor of a study that was complete. */
  readonly oddEnds: readonly string[];
  /** Commands that still lived with a debugger open when they ended by themselves. */
  readonly debuggers: number;
  /** Runs whose bytes are not those of an unbroken sweep, or that are on one side only. */
  readonly differing: readonly string[];
  /** What is left in the folder that does not belong there. */
  readonly left: readonly string[];
}

interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly milliseconds: number;
  readonly stderr: string;
}

/** Runs the study, and sends the signal after so many milliseconds. */
function runFor(folder: string, out: string, send?: { signal: NodeJS.Signals; after: number }): Promise<Ended> {
  const options = ['--workers', '2', '--export', 'none', '--no-figures', '--checkpoint-seconds', '0.05'];
  // A port of its own for a debugger that Node opens while it starts.
  const env = { ...process.env, NODE_OPTIONS: '--inspect-port=0' };
  const args = [main, 'run', 'scenario.json', '--out', out, ...options];
  const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  let sent = 0;
  const timer =
    send &&
    setTimeout(() => {
      sent = performance.now();
      child.kill(send.signal);
    }, send.after);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      resolve({ status, signal, milliseconds: sent === 0 ? 0 : performance.now() - sent, stderr });
    });
  });
}

const storedIn = (out: string) =>
  existsSync(join(out, 'runs')) ? readdirSync(join(out, 'runs')).filter((name) => !name.startsWith('.')).length : 0;

/**
 * @param count how many signals
 * @param seed of signals and moments: between 0 and 1.5 s after the start of each process
 */
export async function signalAgainAndAgain(count: number, seed: number): Promise<Signalled> {
  const folder = mkdtempSync(join(tmpdir(), 'eigenflow-signals-'));
  try {
    writeFileSync(join(folder, 'scenario.json'), JSON.stringify(sweepToKill));
    await runFor(folder, join(folder, 'whole'));
    const expected = digestsOf(join(folder, 'whole'));
    const runs = Object.keys(expected).length;
    const random = randomSource(seed);
    const [oddEnds, differing, left]: [string[], string[], string[]] = [[], [], []];
    let [sent, hits, slowest, debuggers] = [0, 0, 0, 0];
    for (let sweep = 0; sent < count; sweep++) {
      const out = join(folder, `out-${sweep}`);
      while (sent < count && storedIn(out) < runs) {
        const signal = SIGNALS[Math.floor(SIGNALS.length * random())];
        const after = 1500 * random();
        const ended = await runFor(folder, out, { signal, after });
        sent += 1;
        slowest = Math.max(slowest, ended.milliseconds);
        const isWhole = storedIn(out) === runs;
        if (!isWhole) hits += 1;
        const isOfSignal = ended.signal === signal || ended.status === AS_STATUS[signal];
        const isStopped = ended.status === 1 && ended.stderr.includes('the same command goes on with them');
        if (!isOfSignal && !isStopped && !isWhole) {
          oddEnds.push(`${signal} after ${Math.round(after)} ms: status ${ended.status}: ${ended.stderr.slice(-200)}`);
        }
        if (ended.status !== AS_STATUS['SIGUSR1'] && ended.stderr.includes('Debugger listening')) debuggers += 1;
      }
      await runFor(folder, out);
      const found = digestsOf(out);
      const names = new Set([...Object.keys(expected), ...Object.keys(found)]);
      differing.push(...[...names].filter((name) => expected[name] !== found[name]));
      left.push(...verifyFolder(out).findings.map(({ path }) => path));
      const known = ['checkpoints', 'manifest.json', 'runs', 'runs.csv'];
      left.push(...readdirSync(out).filter((name) => !known.includes(name)));
      left.push(...readdirSync(join(out, 'checkpoints')).filter((name) => !name.startsWith('.')));
    }
    return { signals: sent, hits, slowest, oddEnds, debuggers, differing, left };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
