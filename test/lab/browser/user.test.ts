// The page as somebody uses it, in real browsers: every sentence below is done by buttons, lists, keys and files, and read
// off the page.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LabServer } from '../../../lab/host/server.js';
import { parseCsv } from '../../../node/files/csv-cell.js';
import { float64 } from '../../../node/files/npy.js';
import { encodeNpz } from '../../../node/files/npz.js';
import { readRun } from '../../../node/results/run-file.js';
import { parseRunsTable } from '../../../node/results/runs-table.js';
import { has } from '../../analysis/programs.js';
import {
  BROWSERS,
  CHROMIUM,
  type OpenBrowser,
  openBrowser,
  openPage,
  type WatchedPage,
} from '../../browser/browsers.js';
import { eigenflow } from '../../cli/command.js';
import { smallMap } from '../../node/small-map.js';
import { compute, newFolder } from '../../node/studies.js';
import { serve } from './lab.js';
import { tamper } from './tampered.js';
import {
  choose,
  drop,
  fill,
  hold,
  letGo,
  openScenario,
  press,
  readProblem,
  stepShown,
  untilStep,
  untilText,
  visit,
} from './user.js';

const sweep = { axes: { 'optimiser.learningRate': [0.25, 0.5, 1], 'model.initialWidth': [0.5, 1] }, seeds: 2 };
const small = { ...smallMap, title: 'A <b>small</b> map', epochs: 400, sweep };
let out: string;
beforeAll(async () => {
  ({ out } = await compute(small));
});

/** The folder as a user packs it. */
function zipOf(folder: string): Uint8Array {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );
  return zipSync(Object.fromEntries(files.map((name) => [`results/${name}`, readFileSync(join(folder, name))])));
}

for (const kind of BROWSERS) {
  describe.skipIf(!has(kind.program))(`in ${kind.name}`, () => {
    let open: OpenBrowser;
    let server: LabServer;
    let watched: WatchedPage;
    beforeAll(async () => {
      [open, server] = await Promise.all([openBrowser(kind), serve(out)]);
      watched = await openPage(open.browser);
      await visit(watched.page, server.url);
    });
    afterAll(async () => {
      await open?.close();
      await server?.close();
    });

    it('opens with a map and a run that moves; markup in a title is text', async () => {
      const { page } = watched;
      expect(await page.title()).toContain('A <b>small</b> map');
      expect(await page.$('.top-title b')).toBeNull();
      await untilText(page, 'N 2');
    });

    it('runs the cell that is chosen by keys, pauses, makes one step, and begins again', async () => {
      const { page } = watched;
      const before = page.url();
      await page.focus('.map-keys');
      for (const key of ['Home', 'End', 'ArrowLeft', 'ArrowRight', 'PageUp', 'Enter'] as const)
        await page.keyboard.press(key);
      await page.waitForFunction((from) => location.href !== from, {}, before);
      await untilStep(page, 0);
      await hold(page);
      const step = await stepShown(page);
      await press(page, 'One step');
      await page.waitForFunction(
        (from) => {
          const text = document.querySelector('.counters dd')?.textContent ?? '';
          return Number(text.replace(/\D/g, '')) > from;
        },
        {},
        step,
      );
      await letGo(page);
      await untilStep(page, 3000);
    });

    it('computes a stored run again to its bits, and all that the map check takes', async () => {
      const { page } = watched;
      await press(page, 'replay');
      expect(await untilText(page, 'the bits of the stored run')).toMatch(/\(\d+ numbers\)/);
      await press(page, 'Check this map');
      await untilText(page, '6 of 6 runs have the bits of the stored runs');
    });

    it('runs with another optimiser, then as a Langevin equation, and a link leads there again', async () => {
      const { page } = watched;
      await openScenario(page);
      await choose(page, 'Optimiser', 'momentum');
      await press(page, 'Apply and run');
      await untilText(page, 'the scenario was changed');
      await untilStep(page, 100);
      await choose(page, 'Optimiser', 'sgd');
      await choose(page, 'Noise', 'langevin');
      await fill(page, 'temperature', '0.01');
      await press(page, 'Apply and run');
      await untilStep(page, 100);
      await page.waitForFunction(() => location.hash.includes('set='));
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const again = await openPage(open.browser);
      await visit(again.page, page.url());
      await openScenario(again.page);
      const uses = await again.page.$$eval('.slot > select', (all) =>
        all.map((each) => (each as HTMLSelectElement).value),
      );
      expect(uses).toContain('langevin');
      expect(again.faults).toEqual([]);
      await again.page.close();
    });

    it('finds a stored number that was changed', async () => {
      const { copy, channel } = tamper(out);
      await drop(watched.page, 'changed.zip', zipOf(copy));
      // A check of the study before this one is forgotten.
      await untilText(watched.page, 'of its runs again, spread over it');
      await press(watched.page, 'Check this map');
      const said = await untilText(watched.page, 'not the stored bits');
      expect(said).toContain(`${channel} differs at step`);
    });

    it('opens what is dropped: a scenario, a checkpoint', async () => {
      const { page } = watched;
      await drop(page, 'own.json', JSON.stringify({ ...small, title: 'Dropped', sweep: undefined }));
      await page.waitForFunction(() => document.title.startsWith('Dropped'));
      await untilStep(page, 0);
      const weights = float64(
        Float64Array.from({ length: 200 }, (_, i) => Math.sin(i * i)),
        [10, 20],
      );
      await drop(page, 'weights.npz', encodeNpz(new Map([['layer', weights]])));
      await page.waitForSelector('dialog[open]');
      expect(await page.$eval('dialog[open]', ({ textContent }) => textContent)).toContain('layer');
      await page.keyboard.press('Escape');
    });

    it.each([
      ['broken.json', '{"title": "x", ', /broken\.json/],
      ['unknown.json', JSON.stringify({ ...small, model: { use: 'nonsense' } }), /model\.use.*nonsense/s],
      ['negative.json', JSON.stringify({ ...smallMap, optimiser: { use: 'sgd', learningRate: -1 } }), /learningRate/],
      ['cut.zip', 'PK\u0003\u0004 and no more', /cut\.zip/],
      ['cut.npz', 'PK\u0003\u0004 and no more', /cut\.npz/],
      ['cut.safetensors', '\u0008\0\0\0\0\0\0\0{"a":', /cut\.safetensors/],
      ['empty.json', '', /empty\.json is empty/],
      ['picture.png', '\u0089PNG', /picture\.png is nothing that this page opens/],
      ['weights.pt', 'PK', /weights\.pt is a pickle/],
    ])('says of %s what is wrong with it, and goes on', async (name, content, message) => {
      const { page } = watched;
      await drop(page, name, content);
      expect(await readProblem(page)).toMatch(message);
      await untilStep(page, 0);
    });

    it('has asked nobody but its own server, and nothing was refused or went wrong unseen', () => {
      expect(watched.requests).toContain(`${server.url}study.json`);
      expect(watched.requests.filter((url) => !url.startsWith(server.url) && !/^(blob|data):/.test(url))).toEqual([]);
      expect(watched.faults).toEqual([]);
    });
  });
}

describe.skipIf(!has(CHROMIUM.program))('files for the disk', () => {
  let open: OpenBrowser;
  const downloads = newFolder();
  beforeAll(async () => {
    open = await openBrowser(CHROMIUM);
  });
  afterAll(() => open?.close());

  /** A file that the page hands over, when it is whole: its name is taken by an empty file while another is written. */
  async function downloaded(accept: (name: string) => boolean): Promise<string> {
    for (;;) {
      const names = readdirSync(downloads);
      const name = names.find((each) => accept(each) && !each.endsWith('.crdownload'));
      const isWritten = !names.some((each) => each.endsWith('.crdownload'));
      if (name !== undefined && isWritten && statSync(join(downloads, name)).size > 0) return join(downloads, name);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async function visitToDownload(server: LabServer): Promise<WatchedPage> {
    const watched = await openPage(open.browser);
    const session = await watched.page.createCDPSession();
    await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: downloads });
    await visit(watched.page, server.url);
    return watched;
  }

  it('are the pictures: SVG and PNG that say where they come from, and their numbers', async () => {
    const server = await serve(out);
    const { page, faults } = await visitToDownload(server);
    for (const format of ['SVG', 'PNG', 'CSV']) {
      await page.evaluate(() => document.querySelector<HTMLElement>('summary[aria-label^="Save Levels"]')?.click());
      await page.evaluate((wanted) => {
        const buttons = [...document.querySelectorAll<HTMLElement>('.export-menu[open] button')];
        buttons.find(({ textContent }) => textContent === wanted)?.click();
      }, format);
      const file = readFileSync(await downloaded((name) => name.endsWith(`.${format.toLowerCase()}`)));
      if (format === 'SVG') expect(file.toString()).toMatch(/^<(\?xml|svg).*A &lt;b&gt;small/s);
      else if (format === 'PNG') {
        expect(file.subarray(1, 4).toString()).toBe('PNG');
        expect(file.includes('eigenflow lab')).toBe(true);
      } else expect(file.toString().split('\n').length).toBeGreaterThan(3);
    }
    expect(faults).toEqual([]);
    await page.close();
    await server.close();
  });

  it('are the map: SVG and PNG of its cells, and a table with the numbers of the study', async () => {
    const server = await serve(out);
    const { page, faults } = await visitToDownload(server);
    await choose(page, 'Map', 'loss.loss');
    await page.waitForSelector('.color-bar');
    const save = async (format: string) => {
      await page.evaluate((wanted) => {
        const menu = document.querySelector<HTMLElement>('.map-choice .export-menu');
        menu?.querySelector('summary')?.click();
        const buttons = [...(menu?.querySelectorAll('button') ?? [])];
        buttons.find(({ textContent }) => textContent === wanted)?.click();
      }, format);
      return readFileSync(await downloaded((name) => name === `map-loss.loss.${format.toLowerCase()}`));
    };
    const table = parseCsv((await save('CSV')).toString());
    const runs = parseRunsTable(readFileSync(join(out, 'runs.csv'), 'utf8'), Object.keys(sweep.axes));
    const lossOf = (id: string) => readRun(out, id).get('loss.loss').data.at(-1) ?? Number.NaN;
    const [header, ...rows] = table;
    expect(header.slice(0, 2).sort()).toEqual(Object.keys(sweep.axes).sort());
    expect(header[4]).toMatch(/^median of /);
    expect(rows).toHaveLength(6);
    for (const row of rows) {
      const here = runs.filter(({ axes }) => [0, 1].every((i) => axes[header[i]] === Number(row[i])));
      const [low, high] = here.map(({ id }) => lossOf(id)).sort((a, b) => a - b);
      expect([Number(row[4]), row[header.indexOf('n')]]).toEqual([low + 0.5 * (high - low), '2']);
    }

    const svg = (await save('SVG')).toString();
    const png = (await save('PNG')).toString('base64');
    const seen = await page.evaluate(
      async (markup, base64) => {
        const root = new DOMParser().parseFromString(markup, 'image/svg+xml').documentElement;
        const image = new Image();
        image.src = `data:image/png;base64,${base64}`;
        await image.decode();
        const canvas = document.createElement('canvas');
        Object.assign(canvas, { width: image.naturalWidth, height: image.naturalHeight });
        const context = canvas.getContext('2d', { willReadFrequently: true });
        context?.drawImage(image, 0, 0);
        const cells = [...root.querySelectorAll('rect')].slice(1, 7).map((rect) => {
          const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((name) => Number(rect.getAttribute(name)));
          const [r, g, b] = context?.getImageData(3 * (x + width / 4), 3 * (y + height / 4), 1, 1).data ?? [];
          return { fill: rect.getAttribute('fill'), drawn: [r, g, b] };
        });
        const { width, height } = canvas;
        return {
          name: root.tagName,
          size: ['width', 'height'].map((side) => 3 * Number(root.getAttribute(side))),
          pixels: [width, height],
          texts: [...root.querySelectorAll('text')].map(({ textContent }) => textContent),
          cells,
        };
      },
      svg,
      png,
    );
    expect([seen.name, seen.pixels]).toEqual(['svg', seen.size]);
    expect(seen.texts).toContain('learning rate');
    // The ends of the scale at least.
    expect(new Set(seen.cells.map(({ fill }) => fill)).size).toBeGreaterThan(1);
    for (const { fill, drawn } of seen.cells) {
      expect(fill).toBe(`#${drawn.map((value) => value.toString(16).padStart(2, '0')).join('')}`);
    }
    expect(faults).toEqual([]);
    await page.close();
    await server.close();
  });

  it('are a map that was computed in the tab, and that the command goes on with', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'own.json'), JSON.stringify(small));
    const server = await serve(join(folder, 'own.json'));
    const { page, faults } = await visitToDownload(server);
    const region = 'Compute the map';
    await press(page, 'What would the map take?', region);
    await press(page, 'Compute', region);
    await untilText(page, 'goes on with it and computes no run again');
    await press(page, 'Download as results folder');
    const members = unzipSync(readFileSync(await downloaded((name) => name.endsWith('.zip'))));
    await page.close();
    await server.close();
    for (const [name, bytes] of Object.entries(members)) {
      mkdirSync(join(folder, 'results', name, '..'), { recursive: true });
      if (!name.endsWith('/')) writeFileSync(join(folder, 'results', name), bytes);
    }
    const results = existsSync(join(folder, 'results', 'manifest.json'))
      ? join(folder, 'results')
      : join(folder, 'results', readdirSync(join(folder, 'results'))[0]);
    const files = readdirSync(join(out, 'runs'));
    expect(readdirSync(join(results, 'runs')).sort()).toEqual(files.sort());
    for (const file of files) {
      expect(readFileSync(join(results, 'runs', file)).equals(readFileSync(join(out, 'runs', file)))).toBe(true);
    }
    const { status, stderr } = await eigenflow(folder, ['run', results, '--yes', '--workers', '0', '--export', 'none']);
    expect([status, stderr]).toEqual([0, stderr]);
    expect(stderr).toMatch(/12 .*stored/);
    expect(faults).toEqual([]);
  });
});
