// `eigenflow work`: parts of a study by several processes, as the guide to clusters tells it.
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { eigenflow, eigenflowMany } from '../cli/command.js';
import { digestsOf, eightRuns, newFolder } from '../node/studies.js';

const guide = readFileSync(fileURLToPath(new URL('../../docs/clusters.md', import.meta.url)), 'utf8');
const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** A folder with the scenario, in which `eigenflow` is on the path. */
function newStudy(): { folder: string; shell: (script: string, variables?: NodeJS.ProcessEnv) => Promise<string> } {
  const folder = newFolder();
  writeFileSync(join(folder, 'flow.json'), JSON.stringify(eightRuns));
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'eigenflow'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`);
  chmodSync(join(bin, 'eigenflow'), 0o755);
  const shell = (script: string, variables: NodeJS.ProcessEnv = {}) =>
    new Promise<string>((resolve, reject) => {
      const env = { ...process.env, PATH: `${bin}:${process.env['PATH']}`, ...variables };
      execFile('sh', ['-c', script], { cwd: folder, env }, (error, stdout, stderr) => {
        if (error) reject(new Error(stderr, { cause: error }));
        else resolve(stdout);
      });
    });
  return { folder, shell };
}

let expected: Record<string, string>;

beforeAll(async () => {
  const { folder } = newStudy();
  const { status } = await eigenflow(folder, ['run', 'flow.json', '--out', 'out', '--export', 'none']);
  expect(status).toBe(0);
  expected = digestsOf(join(folder, 'out'));
  expect(Object.keys(expected)).toHaveLength(8);
});

describe('the examples of the guide, word for word', () => {
  it('a shell loop', async () => {
    const loop = /```bash\n([\s\S]*?)```/.exec(guide)?.[1] ?? '';
    expect(loop).toContain('eigenflow work');
    const { folder, shell } = newStudy();
    const stdout = await shell(loop);
    expect(digestsOf(join(folder, 'results', 'flow'))).toEqual(expected);
    expect(stdout).toContain('all 8 runs of the study have ended\n');
    expect(stdout).toContain('dataset: results/flow/dataset.zarr\n');
  });

  it('the command of a Kubernetes job, with the environment that Kubernetes gives it', async () => {
    const command = /- (exec eigenflow work .*)\n/.exec(guide)?.[1] ?? '';
    const parts = Number(/completions: (\d+)/.exec(guide)?.[1]);
    const { folder, shell } = newStudy();
    const indices = Array.from({ length: parts }, (_, i) => i);
    await Promise.all(indices.map((i) => shell(command, { JOB_COMPLETION_INDEX: String(i) })));
    expect(digestsOf(join(folder, 'results', 'flow'))).toEqual(expected);
  });
});

describe('a part', () => {
  it('is computed alone, and another one later, from the folder itself, wherever the folder has gone', async () => {
    const { folder, shell } = newStudy();
    const first = await eigenflow(folder, ['work', 'flow.json', '--out', 'out', '--part', '1/3', '--workers', '0']);
    expect(first.status).toBe(0);
    expect(first.stdout).toBe('');
    const stored = Object.keys(expected)
      .sort()
      .filter((_, i) => i % 3 === 1);
    expect(Object.keys(digestsOf(join(folder, 'out')))).toEqual(stored);
    await shell('rm flow.json; mkdir elsewhere; mv out elsewhere/moved');
    for (const part of ['0/3', '2/3']) {
      const { status, stderr } = await eigenflow(folder, ['work', 'elsewhere/moved', '--part', part, '--workers', '0']);
      expect(stderr).not.toContain('eigenflow:');
      expect(status).toBe(0);
    }
    expect(digestsOf(join(folder, 'elsewhere', 'moved'))).toEqual(expected);
  });
});

it('mistakes are answered before anything is written', () => {
  const { folder } = newStudy();
  writeFileSync(join(folder, 'foreign.txt'), `${'0'.repeat(20)}\n`);
  const before = readdirSync(folder);
  const cases: [string, string][] = [
    ['work flow.json --part 4/4', '--part 4/4: parts are numbered 0/4 ... 3/4'],
    ['work flow.json', "required option '-p, --part <i/n>' not specified"],
    ['work nothing.json --part 0/4', 'nothing.json: there is no such scenario file'],
    ['work bin --part 0/4', 'bin: is not a results folder: it has no manifest.json'],
    [
      'work bin --part 0/4 --seed 3',
      '--seed: bin is a results folder, whose scenario is settled; name the scenario file',
    ],
    ['work flow.json --out bin --part 0/4', 'bin: holds other files and no results'],
    ['work flow.json --part 0/4 --runs flow.json', 'flow.json: is not a list of runs'],
    ['work flow.json --part 0/4 --runs foreign.txt', `lists the run ${'0'.repeat(20)}, which this study does not have`],
    ['submit flow.json --engine pbs', "argument 'pbs' is invalid. Allowed choices are slurm."],
    ['submit flow.json --cores 0', 'expected a whole number of at least 1.'],
    ['submit flow.json --sbatch qos=low', 'expected an option of sbatch'],
    ['submit flow.json --partition a;b', 'expected one word.'],
    ['submit flow.json --dry-run --out o/nl\ntouch\tQ4\n', 'the results folder: "'],
    [
      'submit flow.json --dry-run --setup a\ntouch',
      '--setup: "a\\ntouch" has a line break or another control character',
    ],
  ];
  const outcomes = eigenflowMany(cases.map(([words]) => ({ folder, args: words.split(' ') })));
  outcomes.forEach(({ status, stderr }, i) => {
    expect(stderr).toContain(cases[i][1]);
    expect(status).toBe(2);
  });
  expect(readdirSync(folder)).toEqual(before);
});

describe('without Slurm', () => {
  it('a dry run prints the table all the same, and a submission says what to do instead', async () => {
    const { folder } = newStudy();
    const environment = { PATH: join(folder, 'nothing') };
    const dry = await eigenflow(folder, ['submit', 'flow.json', '--dry-run', '--cores', '2', '--tasks', '3'], {
      environment,
    });
    expect(dry.status).toBe(0);
    expect(dry.stdout).toMatch(
      /^Eight runs\n {2}runs +8 in all: 0 stored, 0 in the queue, 8 to send\n(.*\n)* {2}tasks +3 in one array job, up to 3 runs each\n {2}cores +2 a task\n(.*\n)* {2}disk +at most [\d.]+ kB in 8 files; .* free\ndry run: nothing was written or sent\n$/,
    );
    const real = await eigenflow(folder, ['submit', 'flow.json'], { environment });
    expect(real.stderr).toMatch(/^eigenflow: (scontrol|sinfo): not found on this machine\. Submit from a login node/);
    expect(real.status).toBe(2);
    expect(readdirSync(folder).sort()).toEqual(['bin', 'flow.json']);
  });
});
