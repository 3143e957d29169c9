// What the page explains: every term that it uses is explained in one sentence with its source, and the tour points at what is there.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TERMS } from '../../../lab/page/guide/terms.js';
import { BATCH_SIZE, TOUR } from '../../../lab/page/guide/tour-steps.js';
import { publishedNetwork } from '../../../scenarios/published.js';
import { root } from '../../documents/documents.js';

const page = join(root, 'lab', 'page');
const sources = readdirSync(page, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.tsx'))
  .map((path) => readFileSync(join(page, path), 'utf8'));

describe('the guide', () => {
  it('explains every term that the page asks for', () => {
    const used = sources.flatMap((text) =>
      [...text.matchAll(/(?:<Term of|\bterm)="([^"]*)"/g)].map(([, name]) => name),
    );
    expect(used.length).toBeGreaterThan(5);
    expect(used.filter((name) => !Object.hasOwn(TERMS, name))).toEqual([]);
  });

  it('says each in one sentence, with where it is from', () => {
    for (const [name, { title, text, cite }] of Object.entries(TERMS)) {
      expect(title.length, name).toBeGreaterThan(0);
      // One full stop, at the end; a decimal point is none.
      expect(text.match(/\.(?=\s|$)/g), name).toHaveLength(1);
      expect(text.endsWith('.') && text.length < 160, name).toBe(true);
      expect(cite, name).toMatch(/arXiv:\d{4}\.\d{4,5}|doi:10\.|derived|convention|Mehta|IEEE/);
    }
  });

  it('has a tour of six steps that point at parts of the page and go to the three phases', () => {
    expect(TOUR).toHaveLength(6);
    const classes = new Set(
      sources.flatMap((text) => [...text.matchAll(/class="([^"]*)"/g)].flatMap(([, names]) => names.split(' '))),
    );
    for (const { at } of TOUR) expect(classes).toContain(at.slice(1));
    expect(TOUR.filter(({ place }) => place !== undefined).length).toBeGreaterThanOrEqual(3);
    expect(publishedNetwork.noise.batchSize).toBe(BATCH_SIZE);
  });
});
