// `eigenflow lab` as it is shipped: what it prints, how it stops, and what it says of wrong input.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { openingCommand } from '../../lab/host/open-browser.js';
import { studyInPage } from '../../lab/host/page-html.js';
import { eigenflow, eigenflowMany, main } from '../cli/command.js';
import { root } from '../documents/documents.js';
import { smallMap } from '../node/small-map.js';
import { compute, newFolder } from '../node/studies.js';
import { ask } from './requests.js';

let folder: string;
beforeAll(async () => {
  folder = newFolder();
  await compute({ ...smallMap, title: 'Two \u001b[31mruns', sweep: { seeds: 2 } }, { out: join(folder, 'results') });
  cpSync(join(root, 'maps', 'tanh-teacher-student'), join(folder, 'map'), { recursive: true });
  writeFileSync(join(folder, 'own.json'), JSON.stringify(smallMap));
  writeFileSync(join(folder, 'mine.html'), '<!doctype html>mine');
});

/** Nobody's screen. */
const quiet = { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '', SSH_CONNECTION: '' };

/** Starts the server, and tells its port as soon as that is printed. */
function start(...args: string[]) {
  const child = spawn(process.execPath, [main, 'lab', ...args], {
    cwd: folder,
    env: quiet,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const port = new Promise<number>((resolve, reject) => {
    child.stdout.on('data', (part) => {
      stdout += part;
      const found = /^http:\/\/127\.0\.0\.1:(\d+)\/\n/.exec(stdout);
      if (found) resolve(Number(found[1]));
    });
    child.stderr.on('data', (part) => {
      stderr += part;
    });
    ended.then((status) => reject(new Error(`ended with ${status}: ${stderr}`)));
  });
  port.catch(() => {});
  return { port, ended, kill: (signal: NodeJS.Signals) => child.kill(signal), said: () => ({ stdout, stderr }) };
}

describe('serving', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'prints the address alone on a line, and ends in good order on %s',
    async (signal) => {
      const lab = start('results', '--no-open');
      const port = await lab.port;
      const { name, kind } = JSON.parse((await ask(port, '/study.json')).body.toString());
      expect([name, kind]).toEqual(['Two \u001b[31mruns', 'folder']);
      expect((await ask(port, '/')).status).toBe(200);
      expect((await ask(port, '/', { host: 'evil.example' })).status).toBe(403);
      lab.kill(signal);
      expect(await lab.ended).toBe(0);
      const { stdout, stderr } = lab.said();
      expect(stdout).toBe(`http://127.0.0.1:${port}/\n`);
      // A title is no order to the terminal.
      expect(stderr).toBe('Two runs: open this address in a browser; Ctrl-C stops\n');
      await expect(ask(port, '/')).rejects.toThrow('ECONNREFUSED');
    },
  );

  it('uses the port that is asked for, and says when it is taken', async () => {
    const first = start('map', '--no-open');
    const port = await first.port;
    const second = await eigenflow(folder, ['lab', 'map', '--no-open', '--port', String(port)]);
    expect([second.status, second.stdout]).toEqual([2, '']);
    expect(second.stderr).toContain(`--port ${port}: cannot be used: another program listens there; leave it out, or`);
    first.kill('SIGTERM');
    await first.ended;
    const third = start('own.json', '--no-open', '--port', String(port));
    expect(await third.port).toBe(port);
    const { files } = JSON.parse((await ask(port, '/study.json')).body.toString());
    expect(files.map(({ path }: { path: string }) => path)).toEqual(['scenario.json']);
    third.kill('SIGTERM');
    expect(await third.ended).toBe(0);
  });

  it('opens a browser where there is a screen, and none through a network', () => {
    const url = 'http://127.0.0.1:1/';
    expect(openingCommand(url, 'linux', { DISPLAY: ':0' })).toEqual(['xdg-open', url]);
    expect(openingCommand(url, 'linux', { WAYLAND_DISPLAY: 'wayland-0' })).toEqual(['xdg-open', url]);
    expect(openingCommand(url, 'linux', {})).toBeUndefined();
    expect(openingCommand(url, 'darwin', {})).toEqual(['open', url]);
    expect(openingCommand(url, 'win32', {})).toEqual(['cmd', '/c', 'start', '""', url]);
    expect(openingCommand(url, 'darwin', { SSH_CONNECTION: 'x' })).toBeUndefined();
    expect(openingCommand(url, 'linux', { DISPLAY: ':0', SSH_TTY: '/dev/pts/1' })).toBeUndefined();
  });
});

describe('exporting', () => {
  it('says the size and what goes along, and writes the page', () => {
    const outcomes = eigenflowMany([
      { folder, args: ['lab', 'results', '--export', 'all.html'] },
      { folder, args: ['lab', 'results', '--export', 'none.html', '--data', '0.001'] },
      { folder, args: ['lab', 'map', '--export', 'map.html'] },
      { folder, args: ['lab', 'own.json', '--export', 'own.html'] },
    ]);
    expect(outcomes.map(({ status, stdout }) => [status, stdout])).toEqual([
      ...[
        [0, 'all.html\n'],
        [0, 'none.html\n'],
        [0, 'map.html\n'],
        [0, 'own.html\n'],
      ],
    ]);
    expect(outcomes[0].stderr).toMatch(/^all\.html: [\d.]+ [kM]B, 2 of 2 run files inside\n$/);
    expect(outcomes[1].stderr).toMatch(
      /, 0 of 2 run files inside, of all others their digests, which prove a replay; --data takes more along\n$/,
    );
    expect(outcomes[2].stderr).toMatch(/^map\.html: [\d.]+ [kM]B\n$/);
    const inside = (name: string) => Object.keys(unzipSync(studyInPage(readFileSync(join(folder, name)), name)));
    expect(inside('all.html').filter((path) => path.startsWith('runs/'))).toHaveLength(2);
    expect(inside('none.html')).toContain('digests.csv');
    expect(inside('own.html')).toEqual(['scenario.json']);
  });

  it('writes a folder for a static host', () => {
    const [{ status, stdout, stderr }] = eigenflowMany([{ folder, args: ['lab', 'results', '--static', 'site'] }]);
    expect([status, stdout]).toEqual([0, 'site\n']);
    expect(stderr).toMatch(/^site: [\d.]+ [kM]B, 2 of 2 run files inside\n$/);
    expect(readdirSync(join(folder, 'site'))).toEqual(
      expect.arrayContaining(['README.md', 'app.js', 'index.html', 'study', 'study.json', 'style.css', 'worker.js']),
    );
  });
});

describe('wrong input', () => {
  const cases: [string, readonly string[], string][] = [
    [
      'a target that is not there',
      ['nowhere'],
      'nowhere: there is no such results folder, map or scenario file; check',
    ],
    ['a folder that is none', ['.'], '.: is not a results folder: it has no manifest.json'],
    ['a file that is no scenario', ['mine.html'], 'mine.html: a scenario is a file that ends in .ts, .js or .json'],
    [
      'a part of a map',
      ['map/map.json'],
      'map/map.json: is a part of a map or of results; name the folder that it lies in',
    ],
    [
      'a port that is none',
      ['map', '--port', '70000'],
      "argument '70000' is invalid. expected a whole number from 0 to 65535",
    ],
    [
      'no amount of data',
      ['map', '--export', 'x.html', '--data', '0'],
      "argument '0' is invalid. expected a positive number",
    ],
    ['an option that does nothing', ['map', '--data', '3'], '--data: is for --export and --static; leave it out'],
    ['the same', ['map', '--force'], '--force: is for --export; leave it out'],
    ['the same', ['map', '--static', 'x', '--force'], '--force: is for --export; leave it out'],
    [
      'the same',
      ['map', '--export', 'x.html', '--port', '1'],
      '--port: nothing is served where --export or --static writes',
    ],
    [
      'the same',
      ['map', '--static', 'x', '--no-open'],
      '--no-open: nothing is served where --export or --static writes',
    ],
    ['two outputs', ['map', '--export', 'x.html', '--static', 'x'], '--static: a page is exported alone'],
    [
      "a page that is somebody else's",
      ['map', '--export', 'mine.html'],
      'mine.html: exists and is no page of eigenflow lab',
    ],
    ['a page by another name', ['map', '--export', 'page'], 'page: the name of a page ends in .html'],
    [
      'a site in the place of results',
      ['map', '--static', 'results'],
      'results: exists and is no site of eigenflow lab',
    ],
    ['an unknown option', ['map', '--public'], "unknown option '--public'"],
    ['an empty target', [''], "the argument 'target' has no value: it is empty"],
  ];

  it('is answered with the place, the mistake and the remedy, and leaves everything as it was', () => {
    const before = readdirSync(folder).sort();
    const outcomes = eigenflowMany(cases.map(([, args]) => ({ folder, args: ['lab', ...args] })));
    expect(
      outcomes.map(({ status, stderr }, i) => [cases[i][0], status, stderr.includes(cases[i][2]) || stderr]),
    ).toEqual(cases.map(([what]) => [what, 2, true]));
    expect(readdirSync(folder).sort()).toEqual(before);
    expect(readFileSync(join(folder, 'mine.html'), 'utf8')).toBe('<!doctype html>mine');
    expect(existsSync(join(folder, 'results', 'manifest.json'))).toBe(true);
  });

  it('is little: --help says what there is', () => {
    const [{ status, stdout }] = eigenflowMany([{ folder, args: ['lab', '--help'] }]);
    expect(status).toBe(0);
    for (const option of ['--port', '--no-open', '--export', '--static', '--data', '--force'])
      expect(stdout).toContain(option);
  });
});
