// The command as it is shipped, in a process of its own.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What the package's command is. */
export const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
if (!existsSync(main)) throw new Error('these tests need dist/: npm run build');

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  /** Told at once how signals are sent. */
  readonly onStart?: (kill: (signal: NodeJS.Signals) => void) => void;
  /** Told of everything that is written to stderr so far, to send signals at the right moment. */
  readonly onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
  /** Default: that of the tests. */
  readonly environment?: NodeJS.ProcessEnv;
}

/** Runs `eigenflow` in a folder. */
export function eigenflow(folder: string, args: readonly string[], options: CommandOptions = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const { environment: env = process.env } = options;
    const child = spawn(process.execPath, [main, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const kill = (signal: NodeJS.Signals) => void child.kill(signal);
    options.onStart?.(kill);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      options.onStderr?.(stderr, kill);
    });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}

export interface Invocation {
  readonly folder: string;
  readonly args: readonly string[];
}

/** Makes calls in one process; `linesOf` is its input, `outcomesIn` reads what it says. */
export const manyScript = fileURLToPath(new URL('./many.mjs', import.meta.url));

export const linesOf = (invocations: readonly Invocation[]): string =>
  invocations.map((invocation) => `${JSON.stringify(invocation)}\n`).join('');

export const outcomesIn = (text: string): Outcome[] =>
  text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));

/** The outcomes of many short calls, made one after the other in one process. */
export function eigenflowMany(invocations: readonly Invocation[]): Outcome[] {
  const input = linesOf(invocations);
  return outcomesIn(execFileSync(process.execPath, [manyScript], { input, encoding: 'utf8', maxBuffer: 2 ** 26 }));
}

export interface CommandProcess {
  /** `eigenflow ARGS` in a folder, after the calls before it. */
  call(folder: string, args: readonly string[]): Promise<Outcome>;
  close(): void;
}

/** As `eigenflowMany`, where a call depends on what an earlier one has said. */
export function openCommandProcess(): CommandProcess {
  const child = spawn(process.execPath, [manyScript], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async call(folder, args) {
      child.stdin.write(linesOf([{ folder, args }]));
      const { value, done } = await lines.next();
      if (done) throw new Error(`the process of the commands has ended: ${args.join(' ')}`);
      return JSON.parse(value);
    },
    close: () => child.stdin.end(),
  };
}
