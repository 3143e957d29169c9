// Figures that cannot be drawn: each is named with its reason, and none of them takes the others with it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { drawFigures } from '../../../analysis/figures/figures.js';
import { writeReport } from '../../../analysis/report/report.js';
import type { Scenario } from '../../../core/scenario/scenario.js';
import { eigenflow } from '../../cli/command.js';
import { temporaryFolder } from '../../node/files/temporary-folder.js';
import { writeSyntheticStudy } from '../synthetic-study.js';

const where = { 'model.activation': 'tanh' };
const plane = { x: { axis: 'model.initialWidth' }, y: { axis: 'optimiser.learningRate' } } as const;
const map = { kind: 'heat-map', value: 'loss.loss', ...plane, where } as const;
// As a folder may hold them that was written before declarations were checked.
const figures = [
  { ...map, name: 'phases', kind: 'phase-map', value: undefined, classifier: 'mine' },
  { ...map, name: 'misspelt', colour: 'log' },
  { ...map, name: 'late', frame: 99 },
  null,
  { ...map, name: 'loss' },
  { ...map, name: 'loss', title: 'again' },
] as unknown as Scenario['figures'];
const study = join(temporaryFolder(), 'study');
writeSyntheticStudy(study, { figures });

const reasons = [
  ['phases', 'not stored: verdicts of mine'],
  ['misspelt', 'figures[1].colour: no such field; did you mean "color"?'],
  ['late', 'frame: there is no frame 99: loss.loss of run synthetic-00000-0 has 4 frames, 0 to 3'],
  ['figures[3]', 'figures[3]: expected a figure { kind, ... }, found null'],
  ['loss', 'figures[5].name: two figures are called "loss"; rename one'],
] as const;

describe('a figure that cannot be drawn', () => {
  test('is told with its reason, and the others are drawn', async () => {
    const { paths, left } = await drawFigures(study, { formats: ['svg'] });
    expect(paths.map((path) => path.slice(study.length))).toEqual(['/figures/loss.svg', '/figures/loss.csv']);
    expect(left).toHaveLength(reasons.length);
    for (const [name, reason] of reasons) {
      const found = left.filter((figure) => figure.name === name);
      expect(found).toEqual([{ name, reason: expect.stringContaining(reason), required: true }]);
    }
  });

  test('is an error when it is asked for by name, and no hindrance to one that is', async () => {
    for (const [name, reason] of reasons.slice(0, 3)) {
      await expect(drawFigures(study, { only: [name] })).rejects.toThrow(reason);
    }
    const { paths, left } = await drawFigures(study, { only: ['loss'], formats: ['svg'] });
    expect([paths.length, left]).toEqual([2, []]);
  });

  test('stands in the report, which has the others', async () => {
    const page = readFileSync(await writeReport(study), 'utf8');
    expect(page.match(/<svg /g)).toHaveLength(1);
    for (const [name, reason] of reasons) {
      expect(page).toContain(`<li>${name}: ${reason.replaceAll('"', '&quot;')}`);
    }
  });

  test('makes the command fail when it is declared, and only then', async () => {
    const all = await eigenflow(study, ['figures', study, '--format', 'svg']);
    expect(all.status).toBe(1);
    expect(all.stdout).toContain('not drawn: phases: not stored: verdicts of mine');
    expect(all.stdout).toContain(join('figures', 'loss.svg'));
    const one = await eigenflow(study, ['figures', study, '--only', 'loss', '--format', 'svg']);
    expect([one.status, one.stdout]).toEqual([0, expect.not.stringContaining('not drawn')]);
  });
});

test('without a classifier there are no verdicts of one', async () => {
  const own = join(temporaryFolder(), 'own');
  writeSyntheticStudy(own, { figures: [{ kind: 'phase-map', name: 'phases', ...plane, where }] });
  expect((await drawFigures(own)).left[0].reason).toBe('not stored: verdicts of a classifier');
});
