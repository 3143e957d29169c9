// Standard output and standard error that cannot be written to end no work: a full disk under the log, a reader that has
// seen enough, a terminal that is gone.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { eightRuns, newFolder } from '../node/studies.js';
import { main } from './command.js';

vi.setConfig({ testTimeout: 120_000 });

/** Runs `eigenflow ARGS` in bash with what is said of its streams. */
function shell(folder: string, args: string, streams: string) {
  const line = `"${process.execPath}" "${main}" ${args} ${streams}; exit "\${PIPESTATUS[0]}"`;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', line], { cwd: folder, encoding: 'utf8' });
  return { status, stdout, stderr };
}

function prepare(): string {
  const folder = newFolder();
  writeFileSync(join(folder, 'a.json'), JSON.stringify(eightRuns));
  return folder;
}

const run = 'run a.json --out out --workers 2 --export csv --no-figures';
const isWhole = (folder: string) =>
  readdirSync(join(folder, 'out', 'runs')).length === 8 && existsSync(join(folder, 'out', 'runs.csv'));

const LOST = 'eigenflow: standard output: cannot write it: no space left on this disk; free some\n';

describe.runIf(existsSync('/dev/full'))('a full disk', () => {
  let whole: string;
  beforeAll(() => {
    whole = prepare();
    expect(shell(whole, run, '').status).toBe(0);
  });

  it('under both streams: the study is computed to its end, and its status says so', () => {
    const folder = prepare();
    expect(shell(folder, run, '>/dev/full 2>/dev/full').status).toBe(0);
    expect(isWhole(folder)).toBe(true);
  });

  it('under standard output: that is told, and the status is that of the runs', () => {
    const folder = prepare();
    const { status, stderr } = shell(folder, run, '>/dev/full');
    expect(status).toBe(0);
    expect(stderr.endsWith(LOST)).toBe(true);
    expect(isWhole(folder)).toBe(true);
  });

  it.each(['status out', 'plugins', 'plugins --json', 'schema', 'verify out', 'why out a.json', '--help'])(
    'under what "%s" prints: status 1, because that is all it was asked for',
    (args) => {
      expect(shell(whole, args, '>/dev/full')).toEqual({ status: 1, stdout: '', stderr: LOST });
    },
  );

  it('under standard error alone changes no status', () => {
    expect(shell(whole, 'status nothing', '2>/dev/full').status).toBe(2);
    expect(shell(whole, 'status out', '2>/dev/full').status).toBe(0);
  });
});

it('a reader that has seen enough of a study ends what is printed, and no run', () => {
  const folder = prepare();
  const { status, stdout } = shell(folder, run, '2>&1 | head -n 1');
  expect(stdout).toBe('8 runs to compute\n');
  expect(status).toBe(0);
  expect(isWhole(folder)).toBe(true);
});

it('nor is it an error of a command that only prints', () => {
  const { status, stdout, stderr } = shell(newFolder(), 'plugins', '| head -n 1');
  expect([status, stdout.split('\n').length, stderr]).toEqual([0, 2, '']);
});

/** Runs the study in a terminal that is closed once steps have been made; prints the status as the system says it. */
const CLOSED_TERMINAL = `
import os, pty, re, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], sys.argv[1:])
seen = b''
while not re.search(rb' [1-9][0-9.]* [kM]? ?steps/s', seen):
    seen += os.read(terminal, 1000)
os.close(terminal)
_, status = os.waitpid(pid, 0)
print(os.WTERMSIG(status), os.WEXITSTATUS(status))
`;

it.runIf(process.platform !== 'win32')('a terminal that is closed: status 1 with checkpoints, no abort', () => {
  const folder = newFolder();
  const observers = { levels: { use: 'gram-spectrum', block: 'W', when: 'end' } };
  writeFileSync(join(folder, 'a.json'), JSON.stringify({ ...eightRuns, steps: 100_000_000, observers }));
  const long = [...run.split(' '), '--yes'];
  const args = ['-c', CLOSED_TERMINAL, process.execPath, main, ...long];
  expect(execFileSync('python3', args, { cwd: folder, encoding: 'utf8' })).toBe('0 1\n');
  expect(readdirSync(join(folder, 'out', 'checkpoints'))).toHaveLength(2);
  expect(existsSync(join(folder, 'out', 'claims'))).toBe(false);
});
