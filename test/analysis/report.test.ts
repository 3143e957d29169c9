// The report is one page that a browser opens without a network, and that says what was left out.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeReport } from '../../analysis/report/report.js';
import { CHROMIUM, openBrowser, openPage } from '../browser/browsers.js';
import { temporaryFolder } from '../node/files/temporary-folder.js';
import { has } from './programs.js';
import { writeSyntheticStudy } from './synthetic-study.js';

const study = join(temporaryFolder(), 'study');
const plane = { x: { axis: 'model.initialWidth' }, y: { axis: 'optimiser.learningRate' } } as const;
let path = '';
let page = '';

beforeAll(async () => {
  const where = { 'model.activation': 'tanh' };
  writeSyntheticStudy(study, {
    figures: [
      { kind: 'heat-map', name: 'loss', title: 'Loss < 1 & more', value: 'loss.loss', ...plane, where },
      {
        kind: 'line',
        name: 'lines',
        value: 'loss.loss',
        x: plane.x,
        where: { ...where, 'optimiser.learningRate': 0.5 },
      },
    ],
  });
  path = await writeReport(study, [{ kind: 'heat-map', name: 'other', value: 'sharpness.top', ...plane }]);
  page = readFileSync(path, 'utf8');
});

describe('a report', () => {
  test('is well-formed, with every name used once', () => {
    // An independent parser that refuses tags which do not match; entities and void elements are those of XML here.
    const program =
      'import sys; from html.parser import HTMLParser\n' +
      'class P(HTMLParser):\n' +
      '  def __init__(self): super().__init__(); self.open = []; self.ids = []\n' +
      '  def handle_starttag(self, tag, attrs):\n' +
      '    self.ids += [v for k, v in attrs if k == "id"]\n' +
      '    if tag not in ("meta", "br"): self.open.append(tag)\n' +
      '  def handle_startendtag(self, tag, attrs): self.ids += [v for k, v in attrs if k == "id"]\n' +
      '  def handle_endtag(self, tag): assert self.open.pop() == tag, tag\n' +
      'p = P(); p.feed(open(sys.argv[1], encoding="utf-8").read()); p.close()\n' +
      'assert p.open == [], p.open; assert len(set(p.ids)) == len(p.ids), p.ids; print(len(p.ids))';
    expect(Number(execFileSync('python3', ['-c', program, path], { encoding: 'utf8' }))).toBeGreaterThan(2);
  });

  test('loads nothing', () => {
    expect(page).not.toMatch(/<(script|link|img|iframe|object|embed)\b/i);
    expect(page).not.toMatch(/\b(src|href)="(?!#)/);
    expect(page).not.toMatch(/@import|url\((?!#)/);
  });

  test('says how many runs ended in which way, and why some failed', () => {
    expect(page).toContain('<p>24 runs.');
    for (const [status, runs] of [
      ['completed', 21],
      ['diverged', 1],
      ['failed', 1],
      ['not run', 1],
    ]) {
      expect(page).toContain(`<td>${status}</td><td class="number">${runs}</td>`.replace('</td><td', '</td>\n<td'));
    }
    expect(page).toContain('out of memory, &quot;sorry&quot;');
  });

  test('holds the figures with their origin, and names those that need something else', () => {
    expect(page.match(/<svg /g)).toHaveLength(2);
    expect(page).toContain('Loss &lt; 1 &amp; more');
    expect(page).toMatch(/Data sha256:[0-9a-f]{32}; <code>eigenflow figures study --only loss<\/code>/);
    expect(page).toContain('<li>other: not stored: sharpness.top (an observer {');
  });

  test('lists what was measured, the sources, and how to repeat it', () => {
    for (const words of [
      'squared singular values',
      'arXiv:2509.01349',
      'eigenflow run scenario.json',
      '&quot;use&quot;: &quot;none&quot;',
    ]) {
      expect(page).toContain(words);
    }
  });

  test.skipIf(!has('chromium'))(
    'opens in a browser without a network: headings, tables and figures as text',
    async () => {
      const pdf = join(study, 'report.pdf');
      const { browser, close } = await openBrowser(CHROMIUM);
      try {
        const { page: opened, requests, faults } = await openPage(browser);
        await opened.goto(pathToFileURL(path).href);
        await opened.pdf({ path: pdf });
        expect([requests, faults]).toEqual([[pathToFileURL(path).href], []]);
      } finally {
        await close();
      }
      const seen = execFileSync('pdftotext', ['-layout', pdf, '-'], { encoding: 'utf8' });
      for (const words of ['How the runs ended', 'completed', 'Loss < 1 & more', 'One more figure', 'initialWidth']) {
        expect(seen).toContain(words);
      }
    },
  );
});
