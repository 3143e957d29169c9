// The server gives the page and its study to the browser of whoever started it, and nothing to anybody else.
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStudy } from '../../lab/host/open-study.js';
import { readShippedStudy } from '../../lab/host/page-files.js';
import { type LabServer, serveLab } from '../../lab/host/server.js';
import { builtinPlugins } from '../../plugins/builtin.js';
import { smallMap } from '../node/small-map.js';
import { compute } from '../node/studies.js';
import { type Answer, ask, type Question } from './requests.js';
import { parts, smallPage } from './small-page.js';

const CSP =
  "default-src 'none'; script-src 'self' blob: 'wasm-unsafe-eval'; worker-src 'self' blob:; style-src 'self'; " +
  "img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

let out: string;
let run: string;
let server: LabServer;
const refused: string[] = [];
const get = (target: string, question: Question = {}): Promise<Answer> => ask(server.port, target, question);
const studyJson = async () => JSON.parse((await get('/study.json')).body.toString());

beforeAll(async () => {
  const { out: folder, rows } = await compute({ ...smallMap, sweep: { seeds: 2 } });
  [out, run] = [folder, rows[0].id];
  // What a folder may hold, by chance or by malice.
  writeFileSync(join(out, 'secret.txt'), 'secret');
  writeFileSync(join(out, '.hidden.csv'), 'secret');
  writeFileSync(join(out, '..', 'outside.csv'), 'secret');
  mkdirSync(join(out, '..', 'elsewhere'));
  writeFileSync(join(out, '..', 'elsewhere', 'levels.svg'), 'secret');
  symlinkSync('../outside.csv', join(out, 'evidence.csv'));
  symlinkSync('../elsewhere', join(out, 'figures'));
  execFileSync('mkfifo', [join(out, 'classifiers.csv')]);
  mkdirSync(join(out, 'runs', 'abc.npz'));
  const onRefused = ({ message }: Error) => void refused.push(message);
  server = await serveLab(smallPage(), await openStudy(out, builtinPlugins), { onRefused });
});
afterAll(() => server?.close());

describe('what it gives', () => {
  it('is the page by its parts, each with its type', async () => {
    for (const [name, type] of Object.entries({
      '': 'text/html; charset=utf-8',
      'index.html': 'text/html; charset=utf-8',
      'app.js': 'text/javascript; charset=utf-8',
      'worker.js': 'text/javascript; charset=utf-8',
      'style.css': 'text/css; charset=utf-8',
    })) {
      const { status, headers, body } = await get(`/${name}?embed=1`);
      expect([name, status, headers['content-type']]).toEqual([name, 200, type]);
      expect(body.toString()).toBe(parts[(name || 'index.html') as keyof typeof parts]);
    }
  });

  it('is the study: its list, and every file in it', async () => {
    const { name, kind, files } = await studyJson();
    expect([name, kind]).toEqual(['Small map', 'folder']);
    const paths = files.map(({ path }: { path: string }) => path);
    expect(paths).toEqual(expect.arrayContaining(['manifest.json', 'runs.csv', 'cells.csv', `runs/${run}.npz`]));
    for (const { path, size, url } of files) {
      const { status, body } = await get(`/${url}`);
      expect([path, status, body.length]).toEqual([path, 200, size]);
      expect(body.equals(readFileSync(join(out, path)))).toBe(true);
    }
    expect((await get(`/study/runs/${run}.npz`)).headers['content-type']).toBe('application/octet-stream');
  });

  it('grows with a study under way: runs that are stored later, and what is noted of them until then', async () => {
    const before = (await studyJson()).files.length;
    mkdirSync(join(out, 'claims'));
    writeFileSync(join(out, 'claims', 'here-1-ab.csv'), 'id,seed\n');
    writeFileSync(join(out, 'claims', 'here-1-ab.json'), '{}');
    writeFileSync(join(out, 'runs', '0000.npz'), 'later');
    const { files } = await studyJson();
    expect(files).toHaveLength(before + 2);
    expect((await get('/study/runs/0000.npz')).body.toString()).toBe('later');
    // A line that is noted after the list was made is not in what is read by that list.
    const { url, size } = files.find(({ path }: { path: string }) => path.startsWith('claims/'));
    appendFileSync(join(out, 'claims', 'here-1-ab.csv'), '0000,1\n');
    const { body, headers } = await get(`/${url}`);
    expect([body.toString(), size, headers['cache-control']]).toEqual(['id,seed\n', 8, 'no-store']);
  });

  it('is text compressed for whoever takes it so', async () => {
    const path = '/study/manifest.json';
    const plain = await get(path);
    expect(plain.headers['content-encoding']).toBeUndefined();
    for (const accepted of ['gzip', 'br, gzip;q=0.5', '*']) {
      const { headers, body } = await get(path, { headers: { 'Accept-Encoding': accepted } });
      expect([headers['content-encoding'], headers.vary]).toEqual(['gzip', 'Accept-Encoding']);
      expect(gunzipSync(body).equals(plain.body)).toBe(true);
      expect(body.length).toBeLessThan(plain.body.length / 2);
    }
    for (const accepted of ['br', 'gzip;q=0', 'identity']) {
      expect(
        (await get(path, { headers: { 'Accept-Encoding': accepted } })).headers['content-encoding'],
      ).toBeUndefined();
    }
  });

  it('is asked for again by its tag, which changes with the file', async () => {
    for (const path of ['/app.js', '/study/cells.csv']) {
      const first = await get(path);
      expect(first.headers['cache-control']).toBe('no-cache');
      const again = await get(path, { headers: { 'If-None-Match': `"x", ${first.headers.etag}` } });
      expect([again.status, again.body.length, again.headers.etag]).toEqual([304, 0, first.headers.etag]);
    }
    const { etag } = (await get('/study/cells.csv')).headers;
    writeFileSync(join(out, 'cells.new'), 'another\n');
    renameSync(join(out, 'cells.new'), join(out, 'cells.csv'));
    const changed = await get('/study/cells.csv', { headers: { 'If-None-Match': etag } });
    expect([changed.status, changed.body.toString()]).toEqual([200, 'another\n']);
    expect((await get('/study.json')).headers['cache-control']).toBe('no-store');
  });

  it('answers HEAD with what GET would say, without a body', async () => {
    for (const path of ['/', '/study.json', '/study/runs.csv', `/study/runs/${run}.npz`, '/nothing']) {
      const [head, whole] = [await get(path, { method: 'HEAD' }), await get(path)];
      expect([path, head.status, head.body.length]).toEqual([path, whole.status, 0]);
      if (whole.status === 200) expect(head.headers['content-length']).toBe(String(whole.body.length));
    }
  });
});

describe('a study in one archive', () => {
  it('is given as it is, beside the page', async () => {
    const zip = zipSync({ 'manifest.json': readFileSync(join(out, 'manifest.json')) });
    const page = smallPage({ 'study.zip': zip });
    const other = await serveLab(page, readShippedStudy(page));
    try {
      const listing = JSON.parse((await ask(other.port, '/study.json')).body.toString());
      expect(listing).toEqual({ name: 'Small map', kind: 'folder', zip: 'study.zip' });
      const { headers, body } = await ask(other.port, '/study.zip');
      expect([headers['content-type'], body.equals(zip)]).toEqual(['application/zip', true]);
      expect((await ask(other.port, '/study/manifest.json')).status).toBe(404);
    } finally {
      await other.close();
    }
    expect(() => readShippedStudy(smallPage())).toThrow('is missing: no study comes with this build; name a results');
    expect((await get('/study.zip')).status).toBe(404);
  });
});

describe('what it refuses', () => {
  it('requests that name another host, by which a page of somebody else would get in', async () => {
    const { port } = server;
    const right = [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`];
    for (const host of right) expect([host, (await get('/', { host })).status]).toEqual([host, 200]);
    const wrong = [
      ...[
        'evil.example',
        `evil.example:${port}`,
        '127.0.0.1',
        'localhost',
        `127.0.0.1:${port + 1}`,
        `127.0.0.1:${port}.evil`,
      ],
      ...[`localhost.:${port}`, `127.1:${port}`, `0.0.0.0:${port}`, `user@127.0.0.1:${port}`, `127.0.0.1:0${port}`, ''],
    ];
    for (const host of wrong) {
      const { status, body } = await get('/study/manifest.json', { host });
      expect([host, status]).toEqual([host, 403]);
      expect(body.toString()).not.toContain('Small map');
    }
    const twice = await get('/', { host: [`127.0.0.1:${port}`, 'evil.example'] });
    expect([400, 403]).toContain(twice.status);
    expect([400, 403]).toContain((await get('/', { host: [] })).status);
  });

  it('every method but GET and HEAD', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'PROPFIND']) {
      const { status, headers } = await get('/', { method });
      expect([method, status, headers.allow]).toEqual([method, 405, 'GET, HEAD']);
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  it('every way to write a path that leads out of its folders', async () => {
    const ways = [
      ...['/../secret', '/study/../secret.txt', '/study/../../outside.csv', '/study/..%2f..%2foutside.csv'],
      ...['/study/%2e%2e/%2e%2e/outside.csv', '/study/%2E%2E%2Foutside.csv', '/study/%252e%252e/outside.csv'],
      ...['/study/..%5coutside.csv', '/study/..\\outside.csv', '/study/%c0%ae%c0%ae/outside.csv'],
      ...['/study/.%2e/outside.csv', '/study//etc/passwd', '/study/%2fetc%2fpasswd', '//etc/passwd', '/%2fetc/passwd'],
      ...['/study/runs.csv%00.svg', '/study/runs.csv/', '/study/./runs.csv', '/study/figures/../runs.csv'],
      ...['/study/runs.csv%0d%0aSet-Cookie:x', '/study/%', '/study/%zz', 'study/runs.csv', '*', '/study/'],
      ...[
        `http://127.0.0.1:${server.port}/study/runs.csv`,
        'http://evil.example/',
        '/study/RUNS.CSV',
        '/STUDY/runs.csv',
      ],
    ];
    for (const way of ways) {
      const { status, body, headers } = await get(way);
      expect([way, [400, 404].includes(status) ? 'refused' : status]).toEqual([way, 'refused']);
      expect(body.toString()).not.toMatch(/secret|root:/);
      expect(headers['set-cookie']).toBeUndefined();
    }
  });

  it('files of the folder that are not of the study, links, pipes and folders', async () => {
    const { files } = await studyJson();
    const paths = files.map(({ path }: { path: string }) => path);
    const others = [
      ...['secret.txt', '.hidden.csv', 'evidence.csv', 'figures/levels.svg', 'classifiers.csv', 'runs/abc.npz', 'runs'],
      ...['claims/here-1-ab.json', 'checkpoints', 'dataset.zarr/zarr.json', 'runs/deep/0000.npz'],
    ];
    for (const path of others) {
      expect(paths).not.toContain(path);
      // A pipe is not waited for.
      expect([path, (await get(`/study/${path}`)).status]).toEqual([path, 404]);
    }
  });

  it('a link that takes the place of a folder or a file after the list was made', async () => {
    renameSync(join(out, 'boundaries.csv'), join(out, 'boundaries.old'));
    symlinkSync('../outside.csv', join(out, 'boundaries.csv'));
    expect((await get('/study/boundaries.csv')).status).toBe(404);
    renameSync(join(out, 'runs'), join(out, 'runs.old'));
    symlinkSync('runs.old', join(out, 'runs'));
    expect((await get(`/study/runs/${run}.npz`)).status).toBe(404);
    // Another name of the same file is the file.
    linkSync(join(out, 'boundaries.old'), join(out, 'evidence.new'));
    renameSync(join(out, 'evidence.new'), join(out, 'evidence.csv'));
    expect((await get('/study/evidence.csv')).status).toBe(200);
  });

  it('whoever does not come from this machine', async () => {
    const outside = Object.values(networkInterfaces())
      .flatMap((all = []) => all)
      .find(({ internal, family }) => !internal && family === 'IPv4');
    if (outside === undefined) return;
    const outcome = await new Promise((resolve) => {
      const socket = connect({ port: server.port, host: outside.address, timeout: 2000 });
      socket.on('connect', () => resolve('connected'));
      socket.on('error', () => resolve('refused'));
      socket.on('timeout', () => resolve('refused'));
    });
    expect(outcome).toBe('refused');
  });
});

describe('what it says with every answer', () => {
  it('keeps the browser from taking it for anything else, and other pages from looking in', async () => {
    const answers = [
      ...[
        await get('/'),
        await get('/app.js'),
        await get('/study.json'),
        await get('/study/runs.csv'),
        await get('/no'),
      ],
      ...[await get('/', { method: 'POST' }), await get('/', { host: 'evil.example' }), await get('/%')],
      await get('/app.js', { headers: { 'If-None-Match': '*' } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 404, 405, 403, 400, 304]);
    for (const { headers } of answers) {
      expect(headers).toMatchObject({
        'content-security-policy': CSP,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  it('names no file and no folder of this machine: that is told to whoever started it', async () => {
    for (const path of ['/study/evidence.csv/x', '/study/runs/ffff.npz', '/study/figures/levels.svg']) {
      const { body } = await get(path);
      expect(body.toString()).toBe('There is no such file for the page.\n');
    }
    expect(refused.at(-1)).toContain(`${join(out, 'figures')}: is a symbolic link, which could lead anywhere`);
  });
});

describe('files that it has opened', () => {
  const openFiles = () => readdirSync('/proc/self/fd').length;

  it.runIf(existsSync('/proc/self/fd'))('are closed again, however the answer ends', async () => {
    const large = join(out, 'fits');
    mkdirSync(large);
    writeFileSync(join(large, 'large.csv'), 'x'.repeat(30_000_000));
    await get('/');
    const before = openFiles();
    for (let i = 0; i < 20; i++) {
      await get('/study/runs.csv', { method: 'HEAD' });
      await get('/study/runs.csv', { headers: { 'If-None-Match': '*' } });
      await get('/study/runs.csv', { headers: { 'Accept-Encoding': 'gzip' } });
      await new Promise<void>((resolve) => {
        // Gone as soon as something comes.
        const socket = connect(server.port, '127.0.0.1');
        socket.write(`GET /study/fits/large.csv HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`);
        socket.once('data', () => socket.destroy());
        socket.on('close', () => resolve());
      });
    }
    const late = Date.now() + 10_000;
    while (openFiles() > before && Date.now() < late) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(openFiles()).toBeLessThanOrEqual(before);
  });
});

describe('its port', () => {
  it('that another program has is refused with a remedy', async () => {
    const study = await openStudy(out, builtinPlugins);
    await expect(serveLab(smallPage(), study, { port: server.port })).rejects.toThrow(
      `--port ${server.port}: cannot be used: another program listens there; leave it out, or name another one`,
    );
  });

  it('is free again when it is closed, whoever is still connected', async () => {
    const study = await openStudy(out, builtinPlugins);
    const other = await serveLab(smallPage(), study);
    const socket = connect(other.port, '127.0.0.1');
    await new Promise((resolve) => socket.on('connect', resolve));
    socket.on('error', () => {});
    await other.close();
    const next = await serveLab(smallPage(), study, { port: other.port });
    expect(next.port).toBe(other.port);
    await next.close();
  });
});
