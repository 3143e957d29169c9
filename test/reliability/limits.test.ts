// What a machine may be short of: threads, files, address space, a working directory. Each is told in one sentence with its
// remedy, no run has failed for it, and the same command goes on where there is enough.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { explainMachineTrouble, explainShortage } from '../../node/machine-trouble.js';
import { main } from '../cli/command.js';
import { eightRuns, newFolder } from '../node/studies.js';

vi.setConfig({ testTimeout: 120_000 });

const NOBODY = ['--reuid=65534', '--regid=65534', '--clear-groups'];
const node = [process.execPath, main];

/** Limits on processes do not hold for root; somebody else must be able to read what is run. */
const canBeNobody =
  process.getuid?.() === 0 && spawnSync('setpriv', [...NOBODY, ...node, '--version'], { cwd: '/' }).status === 0;

function prepare(): string {
  const folder = newFolder();
  chmodSync(folder, 0o777);
  writeFileSync(join(folder, 'a.json'), JSON.stringify(eightRuns));
  return folder;
}

const run = ['run', 'a.json', '--out', 'out', '--workers', '4', '--export', 'none', '--no-figures'];

/** Runs the command under a limit of the shell. @returns status and stderr */
function limited(folder: string, limit: string, args: readonly string[], as: readonly string[] = []) {
  const command = [...as, 'bash', '-c', `${limit}; exec "$@"`, 'bash', ...node, ...args];
  const { status, stderr } = spawnSync(command[0], command.slice(1), { cwd: folder, encoding: 'utf8' });
  return { status, stderr };
}

const isOneSentence = (stderr: string) => expect(stderr).not.toMatch(/^\s+at |^Error:|node:internal/m);

describe.runIf(process.platform === 'linux')('a limit', () => {
  it.runIf(canBeNobody)('on threads: no run has failed, and with more of them the same command goes on', () => {
    const folder = prepare();
    const { status, stderr } = limited(folder, 'ulimit -u 12', run, ['setpriv', ...NOBODY]);
    expect(stderr).toMatch(
      /^eigenflow: this machine gives no further thread or process; raise the limit \(ulimit -u, .*\), or use fewer workers/m,
    );
    isOneSentence(stderr);
    expect(status).toBe(1);
    expect(existsSync(join(folder, 'out', 'failures'))).toBe(false);
    expect(existsSync(join(folder, 'out', 'claims'))).toBe(false);
    expect(limited(folder, 'ulimit -u 200', run, ['setpriv', ...NOBODY]).status).toBe(0);
    expect(readdirSync(join(folder, 'out', 'runs'))).toHaveLength(8);
  });

  it.each([24, 40, 60])('of %i open files, too few to load the command', (files) => {
    const { status, stderr } = limited(prepare(), `ulimit -n ${files}`, run);
    expect(stderr).toBe('eigenflow: cannot be loaded: too many open files; raise the limit with "ulimit -n 4096"\n');
    expect(status).toBe(1);
  });

  it('on the size of files', () => {
    const folder = prepare();
    const { status, stderr } = limited(folder, 'ulimit -f 1', run);
    expect(stderr).toContain('larger than a file may be here; raise the limit with "ulimit -f"');
    isOneSentence(stderr);
    expect([1, 2]).toContain(status);
    expect(limited(folder, ':', run).status).toBe(0);
  });

  it.each([['run a.json'], ['plugins'], ['new scenario first'], ['status out']])(
    'a working directory that is gone: eigenflow %s',
    (words) => {
      const folder = join(newFolder(), 'gone');
      mkdirSync(folder);
      const { status, stderr } = limited(folder, `rmdir '${folder}'`, words.split(' '));
      expect(stderr).toMatch(
        /^eigenflow: (the working directory: is gone: .* \(cd\)|out: is not a results folder.*|first.ts: cannot write it: .*)\n$/,
      );
      expect(status).toBe(2);
    },
  );
});

describe('an error of the system', () => {
  const errorOf = (code: string) => Object.assign(new Error(code), { code });

  it.each(['EAGAIN', 'ERR_WORKER_INIT_FAILED', 'ENOMEM', 'EMFILE', 'ENFILE'])(
    '%s is a shortage with a remedy',
    (code) => {
      expect(explainShortage(errorOf(code))).toMatchObject({
        code: 'storage',
        message: expect.stringContaining('or use fewer workers'),
      });
    },
  );

  it('that names a file is told with it; one that names none, and a bug, are nobody’s here', () => {
    const missing = (() => {
      try {
        return execFileSync('/nowhere/to/be/found');
      } catch (error) {
        return error;
      }
    })();
    expect(explainMachineTrouble(missing)?.message).toContain('there is no such file or folder');
    expect(explainShortage(missing)).toBeUndefined();
    expect(explainMachineTrouble(new TypeError('x is not a function'))).toBeUndefined();
    expect(explainMachineTrouble('text')).toBeUndefined();
  });
});
