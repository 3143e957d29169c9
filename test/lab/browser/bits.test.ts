// A run in the reader's tab leaves the numbers that the command stored, to the last bit, in two JavaScript engines; and a
// stored number that was changed is found.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { has } from '../../analysis/programs.js';
import { BROWSERS, openBrowser, openPage } from '../../browser/browsers.js';
import { eigenflowMany } from '../../cli/command.js';
import { newFolder } from '../../node/studies.js';
import { serveProbe } from './lab.js';
import type { ProbedRun } from './probe.js';
import { SCENARIOS } from './scenarios.js';
import { tamper } from './tampered.js';

const folder = newFolder();
const outOf = (name: string) => join(folder, name, 'out');
const names = Object.keys(SCENARIOS);

/** Computed by the command, in folders of their own. */
beforeAll(() => {
  const calls = Object.entries(SCENARIOS).map(([name, scenario]) => {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'scenario.json'), JSON.stringify(scenario));
    const rest = ['--workers', '0', '--export', 'none', '--no-figures', '--yes', '--out', 'out'];
    return { folder: join(folder, name), args: ['run', 'scenario.json', ...rest] };
  });
  for (const { status, stderr } of eigenflowMany(calls)) expect([status, stderr]).toEqual([0, stderr]);
});

async function probe(browser: Browser, out: string): Promise<ProbedRun[]> {
  const server = await serveProbe(out);
  const { page, faults } = await openPage(browser);
  try {
    await page.goto(`${server.url}probe.html`);
    await page.waitForFunction('globalThis.probe');
    const found = await page.evaluate(() => globalThis.probe.runs());
    expect(faults).toEqual([]);
    return found;
  } finally {
    await page.close();
    await server.close();
  }
}

for (const kind of BROWSERS) {
  describe.skipIf(!has(kind.program))(`in ${kind.name}`, () => {
    let open: Awaited<ReturnType<typeof openBrowser>>;
    beforeAll(async () => {
      open = await openBrowser(kind);
    });
    afterAll(() => open?.close());

    it.each(names)('%s: every array of a replay is the stored one, and the file is the same bytes', async (name) => {
      const found = await probe(open.browser, outOf(name));
      expect(found.length).toBeGreaterThan(1);
      for (const { run, replay, file } of found) {
        expect(run.proof).toBe('arrays');
        expect(replay).toMatchObject({ verdict: 'same bits', proof: 'arrays' });
        const stored = readFileSync(join(outOf(name), 'runs', `${run.id}.npz`));
        expect(Buffer.from(file, 'base64').equals(stored)).toBe(true);
      }
    });

    it('a number of which one bit was changed is found, with its channel, frame and element', async () => {
      const { copy, ids, channel, frame, element } = tamper(outOf('SGD'), { runs: 1, frame: 2 });
      const [id] = ids;
      const found = await probe(open.browser, copy);
      const verdicts = found.map(({ run, replay }) => [run.id === id, replay.verdict]);
      expect(verdicts.filter(([isTampered]) => isTampered)).toEqual([[true, 'other bits']]);
      expect(verdicts.filter(([isTampered]) => !isTampered)).toEqual(Array(3).fill([false, 'same bits']));
      const { replay } = found.find(({ run }) => run.id === id) as ProbedRun;
      expect(replay).toMatchObject({ first: { channel, frame, element } });
    });
  });
}
