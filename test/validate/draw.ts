// Writes a figure of a validation into docs/images.

import { type Page, pageSpec } from '../../analysis/figures/draw/page.js';
import { writeFigure } from '../../analysis/figures/figures.js';
import { packageVersion } from '../../node/scenario/load-module.js';
import { path } from './map-data.js';

/** @returns markdown that shows it in a document of docs/validation */
export async function draw(name: string, page: Page, validation: string): Promise<string> {
  const { spec, sample } = pageSpec(page);
  const images = path('docs/images');
  await writeFigure(
    { holder: images, path: images },
    name,
    { spec, csv: [] },
    {
      title: page.title,
      sample,
      data: 'none',
      command: `npm run validate -- ${validation}`,
      version: packageVersion(),
      formats: ['png'],
    },
  );
  return `![${page.title}](../images/${name}.png)`;
}
