// The static folder works wherever it is put, and takes the place of nothing but an older one.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openStudy } from '../../lab/host/open-study.js';
import { pack, type Selection, select } from '../../lab/host/selection.js';
import { writeSite } from '../../lab/host/static-site.js';
import { builtinPlugins } from '../../plugins/builtin.js';
import { smallMap } from '../node/small-map.js';
import { compute, newFolder } from '../node/studies.js';
import { parts, smallPage } from './small-page.js';

const page = smallPage();
let out: string;
let selection: Selection;
beforeAll(async () => {
  ({ out } = await compute({ ...smallMap, sweep: { seeds: 2 } }));
  mkdirSync(join(out, 'figures'));
  // A name that means something else in an address.
  writeFileSync(join(out, 'figures', 'a b%20#?.svg'), '<svg/>');
  selection = select(await openStudy(out, builtinPlugins), out, 1e9);
});

const json = (folder: string) => JSON.parse(readFileSync(join(folder, 'study.json'), 'utf8'));

describe('the static folder', () => {
  it('has the page, the study by its files, and which headers to set', async () => {
    const site = join(newFolder(), 'site');
    await writeSite(site, page, selection);
    expect(readdirSync(site).sort()).toEqual(
      ['README.md', 'app.js', 'index.html', 'study', 'study.json', 'style.css', 'worker.js'].sort(),
    );
    for (const name of ['app.js', 'worker.js', 'style.css'] as const) {
      expect(readFileSync(join(site, name), 'utf8')).toBe(parts[name]);
    }
    const { name, kind, files } = json(site);
    expect([name, kind, files.length]).toEqual(['Small map', 'folder', selection.files.size]);
    for (const { path, size } of files) {
      const copy = readFileSync(join(site, 'study', path));
      expect([path, copy.equals(readFileSync(join(out, path))), copy.length]).toEqual([path, true, size]);
    }
    const notes = readFileSync(join(site, 'README.md'), 'utf8');
    for (const header of [
      'Content-Security-Policy: default-src',
      'X-Content-Type-Options: nosniff',
      'frame-ancestors',
    ]) {
      expect(notes).toContain(header);
    }
  });

  it('says its policy itself: the same as on the server, but for who may frame it', async () => {
    const site = join(newFolder(), 'site');
    await writeSite(site, page, selection);
    const index = readFileSync(join(site, 'index.html'), 'utf8');
    const policies = [...index.matchAll(/http-equiv="Content-Security-Policy" content="([^"]*)"/gi)].map(
      (match) => match[1],
    );
    expect(policies).toHaveLength(1);
    expect(policies[0]).toMatch(
      /^default-src 'none'; script-src 'self' blob: 'wasm-unsafe-eval'; .*form-action 'none'$/,
    );
    expect(index.indexOf('Content-Security-Policy')).toBeLessThan(index.indexOf('<link'));
  });

  it('is found by addresses that are relative, below any path', async () => {
    const root = newFolder();
    await writeSite(join(root, 'deep', 'er'), page, selection);
    // No more than a static host does.
    const host = createServer((request, response) => {
      const path = join(root, decodeURIComponent(new URL(request.url ?? '', 'http://x').pathname));
      if (existsSync(path)) response.end(readFileSync(path));
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
    try {
      const base = `http://127.0.0.1:${(host.address() as AddressInfo).port}/deep/er/index.html`;
      const { files } = await (await fetch(new URL('study.json', base))).json();
      for (const { url, size } of files) {
        expect(url).toMatch(/^study\//);
        const body = await (await fetch(new URL(url, base))).arrayBuffer();
        expect([url, body.byteLength]).toEqual([url, size]);
      }
    } finally {
      host.close();
      host.closeAllConnections();
    }
  });

  it('has a packed study in one archive', async () => {
    const site = join(newFolder(), 'site');
    const packed = pack(selection);
    await writeSite(site, page, packed);
    expect(json(site)).toEqual({ name: 'Small map', kind: 'folder', zip: 'study.zip' });
    expect(readFileSync(join(site, 'study.zip')).equals(packed.zip)).toBe(true);
  });

  it('takes the place of an older one as a whole', async () => {
    const root = newFolder();
    const site = join(root, 'site');
    await writeSite(site, page, selection);
    await writeSite(site, page, pack(selection));
    expect(existsSync(join(site, 'study'))).toBe(false);
    await writeSite(site, page, selection);
    expect(existsSync(join(site, 'study.zip'))).toBe(false);
    expect(readdirSync(root)).toEqual(['site']);
    // An empty folder is nobody's.
    mkdirSync(join(root, 'empty'));
    await writeSite(join(root, 'empty'), page, selection);
    expect(existsSync(join(root, 'empty', 'index.html'))).toBe(true);
  });

  it('takes the place of nothing else', async () => {
    const site = join(newFolder(), 'site');
    await writeSite(site, page, selection);
    writeFileSync(join(site, 'CNAME'), 'mine.example');
    await expect(writeSite(site, page, selection)).rejects.toThrow(
      `${site}: holds CNAME, which is not of the site, so it is left alone; choose another folder, or move it away`,
    );
    renameSync(join(site, 'CNAME'), join(site, 'study', 'notes.txt'));
    await expect(writeSite(site, page, selection)).rejects.toThrow('holds study/notes.txt, which is not of the site');
    const own = newFolder();
    writeFileSync(join(own, 'index.html'), '<!doctype html>mine');
    await expect(writeSite(own, page, selection)).rejects.toThrow('exists and is no site of eigenflow lab');
    const results = join(newFolder(), 'results');
    cpSync(out, results, { recursive: true });
    await expect(writeSite(results, page, selection)).rejects.toThrow('exists and is no site of eigenflow lab');
    const file = join(newFolder(), 'file');
    writeFileSync(file, 'mine');
    await expect(writeSite(file, page, selection)).rejects.toThrow(file);
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });
});
