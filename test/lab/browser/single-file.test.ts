// The exported page, opened from the disk without any network: everything is inside, and nothing is asked for.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { has } from '../../analysis/programs.js';
import { BROWSERS, type OpenBrowser, openBrowser, openPage } from '../../browser/browsers.js';
import { eigenflow } from '../../cli/command.js';
import { smallMap } from '../../node/small-map.js';
import { compute, newFolder } from '../../node/studies.js';
import { press, untilText, visit } from './user.js';

const folder = newFolder();
const url = pathToFileURL(join(folder, 'page.html')).href;

beforeAll(async () => {
  const sweep = { axes: { 'optimiser.learningRate': [0.5, 1], 'model.initialWidth': [0.5, 1] }, seeds: 1 };
  await compute({ ...smallMap, sweep }, { out: join(folder, 'results') });
  const { status, stderr } = await eigenflow(folder, ['lab', 'results', '--export', 'page.html']);
  expect([status, stderr]).toEqual([0, stderr]);
});

for (const kind of BROWSERS) {
  describe.skipIf(!has(kind.program))(`in ${kind.name}`, () => {
    let open: OpenBrowser;
    beforeAll(async () => {
      open = await openBrowser(kind);
    });
    afterAll(() => open?.close());

    it('draws its map, runs, and proves every cell, without one request', async () => {
      const { page, requests, faults } = await openPage(open.browser);
      await visit(page, url);
      await press(page, 'Check this map');
      await untilText(page, '4 of 4 runs have the bits of the stored runs');
      expect(faults).toEqual([]);
      // What the page holds itself is fetched from nowhere; Firefox does not tell of the page either.
      expect(requests.filter((each) => each !== url && !/^(blob|data):/.test(each))).toEqual([]);
    });
  });
}
