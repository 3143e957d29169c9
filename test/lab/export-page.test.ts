// The exported page is one file that holds everything and asks for nothing, and what is in it is what was stored.
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { unzipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkPagePath, makePage, writeLabPage } from '../../lab/host/export-page.js';
import { openPackedStudy, openStudy } from '../../lab/host/open-study.js';
import { readPageFiles } from '../../lab/host/page-files.js';
import { inlineScript, isLabPage, studyInPage } from '../../lab/host/page-html.js';
import { pack, type Selection, select } from '../../lab/host/selection.js';
import type { FileStudy } from '../../lab/host/study.js';
import { readNpz } from '../../node/files/npz.js';
import { digestOfRun, parseDigests } from '../../node/results/run-digest.js';
import { builtinPlugins } from '../../plugins/builtin.js';
import { smallMap } from '../node/small-map.js';
import { compute, newFolder } from '../node/studies.js';
import { parts, smallPage } from './small-page.js';

const page = smallPage();
const PLENTY = 1e9;
let out: string;
let study: FileStudy;
beforeAll(async () => {
  const sweep = { axes: { 'optimiser.learningRate': [0.5, 1], 'model.initialWidth': [0.5, 1] }, seeds: 3 };
  ({ out } = await compute({ ...smallMap, title: 'A <b>"map"</b> & $& more', sweep }));
  mkdirSync(join(out, 'figures'));
  writeFileSync(join(out, 'figures', 'levels.svg'), '<svg/>');
  study = await openStudy(out, builtinPlugins);
});

const made = (selection: Selection) => makePage(page, pack(selection));
const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const contentOf = (html: string, opening: RegExp) => {
  const [found] = html.match(opening) ?? [];
  const start = html.indexOf(found as string) + (found as string).length;
  return html.slice(start, html.toLowerCase().indexOf('</', start));
};

/** Scripts as a parser of HTML sees them: each goes on to the first end that comes. */
function scriptsIn(html: string): { opening: string; content: string; rest: string }[] {
  const [opening] = /<script\b[^>]*>/.exec(html) ?? [];
  if (opening === undefined) return [];
  const inside = html.slice(html.indexOf(opening) + opening.length);
  const end = inside.search(/<\/script/i);
  const rest = inside.slice(inside.indexOf('>', end) + 1);
  return [{ opening, content: inside.slice(0, end), rest }, ...scriptsIn(rest)];
}

describe('its parts', () => {
  it('are scripts and a style that no text inside ends before their end', () => {
    const html = made(select(study, out, PLENTY)).toString();
    const found = scriptsIn(html);
    expect(found.map(({ content }) => content.length > 0)).toEqual([true, true, true]);
    expect(html.match(/<style>/g)).toHaveLength(1);
    expect(html.match(/<\/style/gi)).toHaveLength(1);
    // A comment in a script could hide its end.
    expect(html).not.toContain('<!--');
    expect(found[2].rest).toBe('\n</body>\n</html>\n');
    const openings = found.map(({ opening }) => opening);
    // Data first, then the engine, then what reads both.
    expect(openings.map((one) => /id="(\w+)"|type="module"/.exec(one)?.[1])).toEqual(['study', 'worker', undefined]);
    expect(openings[1]).toBe('<script id="worker" type="text/plain">');
  });

  it('mean what the built files mean', async () => {
    const html = made(select(study, out, PLENTY)).toString();
    const script = contentOf(html, /<script type="module">/);
    const load = async (code: string) => ({
      ...(await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`)),
    });
    expect(await load(script)).toEqual(await load(parts['app.js']));
    expect((await load(script)).marks).toBe('</script><!-- $& $1 </SCRIPT>');
    const minified = (code: string) => transformSync(code, { minify: true }).code;
    expect(minified(contentOf(html, /<script id="worker"[^>]*>/))).toBe(minified(parts['worker.js']));
    expect(contentOf(html, /<style>/)).toBe('body::after { content: "<\\/style>"; }\n');
  });

  it('fit as they are built', () => {
    const built = readPageFiles();
    const html = makePage(built, pack(select(study, out, 0))).toString();
    const found = scriptsIn(html);
    expect(found).toHaveLength(3);
    expect(html).not.toContain('<!--');
    expect(html).toContain(`script-src ${hashOf(found[2].content)} blob:`);
    const length = (name: string) => built.files.get(name)?.toString().length as number;
    // The worker is in one script with all its parts; escapes make it longer, and nothing is lost.
    const parts = [...built.files.keys()].filter((name) => name.endsWith('.js') && name !== 'app.js');
    const all = parts.reduce((sum, name) => sum + length(name), 0);
    expect(found[1].content.length).toBeGreaterThan(0.95 * all);
    expect(found[2].content.length).toBeGreaterThanOrEqual(length('app.js'));
  });

  it('are written by the builder so that an escape is in a text or an expression wherever it is needed', () => {
    const hard = 'export default [a</script/.lastIndex, a< !--b, /<\\/script>/, `</script>`, "<!--"]; // </script>';
    for (const minify of [false, true]) {
      const { code } = transformSync(hard, { minify, platform: 'browser' });
      const escaped = inlineScript(code);
      expect(escaped).not.toMatch(/<\/script|<!--/i);
      const run = (text: string) => new Function('a', 'b', text.replace('export default', 'return'))(1, 3);
      const unescaped = transformSync(hard, { minify, supported: { 'inline-script': true } }).code;
      expect(run(escaped).slice(3)).toEqual(run(unescaped).slice(3));
    }
  });
});

describe('what the browser is told', () => {
  it('is to run this script and this style by their hashes, and to ask nobody for anything', () => {
    const html = made(select(study, out, PLENTY)).toString();
    const policies = [...html.matchAll(/<meta http-equiv="Content-Security-Policy" content="([^"]*)">/g)];
    expect(policies).toHaveLength(1);
    const script = hashOf(contentOf(html, /<script type="module">/));
    const style = hashOf(contentOf(html, /<style>/));
    expect(policies[0][1]).toBe(
      `default-src 'none'; script-src ${script} blob: 'wasm-unsafe-eval'; worker-src blob:; style-src ${style}; ` +
        "img-src data: blob:; connect-src 'none'; base-uri 'none'; form-action 'none'",
    );
    // Before everything that it is about.
    expect(html.indexOf('Content-Security-Policy')).toBeLessThan(html.search(/<(script|style|link|title)/));
    expect(html).not.toMatch(/<(link|img|iframe)\b|<script[^>]*\ssrc=/);
  });

  it('is refused to be made of a page that would fetch something', () => {
    const asking = (from: string, to: string) => smallPage({ 'index.html': parts['index.html'].replace(from, to) });
    const make = (broken: ReturnType<typeof smallPage>) => () => makePage(broken, pack(select(study, out, 0)));
    expect(make(asking('</head>', '<link rel="icon" href="icon.png"></head>'))).toThrow('would fetch <link');
    expect(make(asking('<main', '<img src="a.png"><main'))).toThrow('would fetch <img');
    expect(make(asking('</head>', '<link rel="icon" href="data:,"></head>'))).not.toThrow();
    expect(make(asking('src="app.js"', 'src="other.js"'))).toThrow('has 0 places for app.js where one is needed');
    expect(make(asking('<head>', ''))).toThrow('its policy');
  });

  it('has names as text', () => {
    const html = made(select(study, out, PLENTY)).toString();
    expect(html).toContain('data-name="A &lt;b&gt;&quot;map&quot;&lt;/b&gt; &amp; $&amp; more" data-kind="folder">');
    expect(html).toContain('<title>A &lt;b&gt;&quot;map&quot;&lt;/b&gt; &amp; $&amp; more - eigenflow lab</title>');
    expect(html).not.toContain('<b>');
  });
});

describe('what goes along', () => {
  it('is every table, run and picture of the folder, to the byte', () => {
    const selection = select(study, out, PLENTY);
    expect([selection.runs, selection.runsInside]).toEqual([12, 12]);
    const files = unzipSync(studyInPage(made(selection), 'page.html'));
    const expected = ['manifest.json', 'runs.csv', 'verdicts.csv', 'cells.csv', 'boundaries.csv', 'figures/levels.svg'];
    const runs = readdirSync(join(out, 'runs')).map((name) => `runs/${name}`);
    expect(Object.keys(files).sort()).toEqual([...expected, ...runs].sort());
    for (const [path, bytes] of Object.entries(files)) {
      expect([path, Buffer.from(bytes).equals(readFileSync(join(out, path)))]).toEqual([path, true]);
    }
  });

  it('has the same bytes every time', () => {
    expect(made(select(study, out, PLENTY)).equals(made(select(study, out, PLENTY)))).toBe(true);
  });

  it('is run files up to the budget, seed by seed, and a digest of every run', () => {
    const sizes = study.list().filter(({ path }) => path.startsWith('runs/'));
    const one = sizes[0].size;
    expect(new Set(sizes.map(({ size }) => size)).size).toBe(1);
    const selection = select(study, out, 5.5 * one);
    expect([selection.runs, selection.runsInside]).toEqual([12, 5]);
    const inside = [...selection.files.keys()].filter((path) => path.startsWith('runs/'));
    const seeds = inside.map((path) => readNpz(join(out, path)).get('run.seed').data[0]);
    expect(seeds.sort()).toEqual([0, 0, 0, 0, 1]);
    const digests = parseDigests(new TextDecoder().decode(selection.files.get('digests.csv')));
    expect(digests.size).toBe(12);
    for (const [id, digest] of digests) expect(digest).toBe(digestOfRun(readNpz(join(out, 'runs', `${id}.npz`))));
    expect(select(study, out, 0).runsInside).toBe(0);
  });

  it('can be passed on again: digests of runs that are not there any more stay', async () => {
    const folder = join(newFolder(), 'again');
    for (const [path, bytes] of select(study, out, 0).files) {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), bytes);
    }
    cpSync(join(out, 'runs'), join(folder, 'runs'), { recursive: true });
    const [gone] = readdirSync(join(folder, 'runs'));
    rmSync(join(folder, 'runs', gone));
    const again = select(await openStudy(folder, builtinPlugins), folder, 0);
    expect(parseDigests(new TextDecoder().decode(again.files.get('digests.csv'))).size).toBe(12);
    const all = select(await openStudy(folder, builtinPlugins), folder, PLENTY);
    expect(readFileSync(join(folder, 'digests.csv')).equals(all.files.get('digests.csv') as Uint8Array)).toBe(true);
  });

  it('names no machine: rows of processes at work go into the one table', async () => {
    const folder = join(newFolder(), 'at-work');
    cpSync(out, folder, { recursive: true });
    mkdirSync(join(folder, 'claims'));
    renameSync(join(folder, 'runs.csv'), join(folder, 'claims', 'host-1-ab.csv'));
    writeFileSync(join(folder, 'claims', 'host-1-ab.json'), '{}');
    mkdirSync(join(folder, 'failures'));
    writeFileSync(join(folder, 'failures', '0000.json'), '{ "host": "host" }');
    const { files } = select(await openStudy(folder, builtinPlugins), folder, 0);
    expect([...files.keys()].filter((path) => /claims|failures|host/.test(path))).toEqual([]);
    const lines = (text: string) => text.trim().split('\n').sort();
    const table = new TextDecoder().decode(files.get('runs.csv'));
    expect(lines(table)).toEqual(lines(readFileSync(join(out, 'runs.csv'), 'utf8')));
  });

  it('is refused when a run is damaged: what is passed on is sound', async () => {
    const folder = join(newFolder(), 'damaged');
    cpSync(out, folder, { recursive: true });
    const [name] = readdirSync(join(folder, 'runs'));
    const bytes = readFileSync(join(folder, 'runs', name));
    bytes[500] ^= 1;
    writeFileSync(join(folder, 'runs', name), bytes);
    const damaged = await openStudy(folder, builtinPlugins);
    for (const budget of [0, PLENTY]) {
      expect(() => select(damaged, folder, budget)).toThrow(
        `${name}: is damaged: its checksum is wrong. "eigenflow verify`,
      );
    }
  });

  it('is the two files of a map', async () => {
    const map = await openStudy('maps/tanh-teacher-student', builtinPlugins);
    const html = makePage(page, pack(select(map, undefined, PLENTY)));
    expect(html.toString('latin1')).toContain('data-kind="map"');
    expect(Object.keys(unzipSync(studyInPage(html, 'page.html')))).toEqual(['map.json', 'runs.csv']);
  });

  it('is a study that comes packed as it is', () => {
    const packed = openPackedStudy(pack(select(study, out, PLENTY)).zip, 'study.zip');
    expect([packed.name, packed.kind]).toEqual(['A <b>"map"</b> & $& more', 'folder']);
    expect(studyInPage(makePage(page, packed), 'page.html').equals(packed.zip)).toBe(true);
    expect(() => openPackedStudy(Buffer.from('PK'), 'study.zip')).toThrow('study.zip');
  });
});

describe('writing it', () => {
  it('puts the whole page in its place, and takes that of an older one', async () => {
    const path = join(newFolder(), 'new', 'page.html');
    const packed = pack(select(study, out, 0));
    await writeLabPage(path, makePage(page, packed), packed);
    expect(isLabPage(readFileSync(path))).toBe(true);
    expect(() => checkPagePath(path, false)).not.toThrow();
    const larger = pack(select(study, out, PLENTY));
    await writeLabPage(path, makePage(page, larger), larger);
    expect(studyInPage(readFileSync(path), path).equals(larger.zip)).toBe(true);
    expect(readdirSync(join(path, '..'))).toEqual(['page.html']);
  });

  it('leaves what is no page of this kind alone, unless that is asked for', () => {
    const folder = newFolder();
    const path = join(folder, 'page.html');
    writeFileSync(path, '<!doctype html><title>Mine</title>');
    expect(() => checkPagePath(path, false)).toThrow(
      `${path}: exists and is no page of eigenflow lab, so it is left alone; choose another name, or say --force`,
    );
    expect(() => checkPagePath(path, true)).not.toThrow();
    expect(() => checkPagePath(join(folder, 'page.txt'), true)).toThrow('the name of a page ends in .html');
    mkdirSync(join(folder, 'folder.html'));
    expect(() => checkPagePath(join(folder, 'folder.html'), false)).toThrow('this is a folder, not a file');
  });

  it('says when the page would be too long for a browser', () => {
    const zip = new Uint8Array(400_000_000);
    const large = { name: 'Large', kind: 'folder', zip } as const;
    expect(() => makePage(page, large)).toThrow('browsers read at most 500000000; give fewer runs along: --data');
  });
});
