// The gallery is what its list says: every picture is there and comes from a scenario that declares it or from a
// validation, and every related paper has a place in it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Scenario } from '../../core/scenario/scenario.js';
// @ts-expect-error: a script without types
import { galleryPage, SECTIONS } from '../../scripts/gallery.mjs';
import { root } from './documents.js';

interface Entry {
  readonly image: string;
  readonly sentence: string;
  readonly page: string;
  readonly scenario?: string;
  readonly figure?: string;
  readonly validation?: string;
}

const entries: Entry[] = Object.values(SECTIONS as Record<string, Entry[]>).flat();

test('docs/gallery.md is made from the list', async () => {
  await expect(galleryPage()).toMatchFileSnapshot(join(root, 'docs/gallery.md'));
});

test.each(entries.map((entry) => [entry.image, entry] as const))(
  '%s is a picture, and its page shows it',
  (image, entry) => {
    expect(existsSync(join(root, `docs/images/${image}.png`))).toBe(true);
    expect(readFileSync(join(root, entry.page), 'utf8')).toContain(`images/${image}.png`);
  },
);

test.each(
  entries.flatMap(({ image, scenario, figure }) => (scenario && figure ? [[image, scenario, figure] as const] : [])),
)('%s is a figure of its scenario', async (_image, name, figure) => {
  if (/^fig\d+$/.test(figure)) return;
  const { default: scenario }: { default: Scenario } = await import(join(root, `scenarios/${name}.ts`));
  expect(scenario.figures?.map((one) => one.name)).toContain(figure);
});

test.each(entries.flatMap(({ validation }) => (validation ? [validation] : [])))('there is a validation %s', (name) => {
  expect(readFileSync(join(root, 'test/validate/run.ts'), 'utf8')).toMatch(new RegExp(`\\b'?${name}'?[:,]`));
});

test('every page of the related papers has a picture in it', () => {
  const [table] = readFileSync(join(root, 'docs/related-papers.md'), 'utf8').split('## Two papers');
  const pages = [...table.matchAll(/^\|[^|]*\| \[[^\]]*\]\(([a-z-]+\.md)\)/gm)].map(([, page]) => `docs/${page}`);
  expect(pages).toHaveLength(11);
  const shown = new Set(entries.map(({ page }) => page));
  expect(pages.filter((page) => !shown.has(page))).toEqual([]);
});
