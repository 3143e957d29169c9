// Draws a Vega specification as SVG, with text as text, and as PNG.
import { createRequire } from 'node:module';
import { Resvg } from '@resvg/resvg-js';
import { parse, type Spec, View } from 'vega';

/** What a figure file says of its own origin. */
export interface FigureOrigin {
  readonly title: string;
  /** Hash of the ids of the runs that were drawn. */
  readonly data: string;
  /** Draws the figure again from the same results. */
  readonly command: string;
  readonly version: string;
}

const NAMESPACE = 'urn:eigenflow:figure';

export async function renderSvg(spec: Spec, origin: FigureOrigin): Promise<string> {
  const view = new View(parse(spec), { renderer: 'none' });
  try {
    const svg = await view.toSVG();
    return svg.replace(/^(<svg[^>]*>)/, `$1${metadata(origin)}`);
  } finally {
    view.finalize();
  }
}

/** @param scale pixels of the image for each pixel of the SVG */
export function renderPng(svg: string, scale: number): Uint8Array {
  const image = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: scale },
    // Fonts of the machine would make the image depend on it; without any, all text vanishes silently.
    font: { loadSystemFonts: false, fontFiles: fontFiles(), defaultFontFamily: 'DejaVu Sans' },
  });
  return image.render().asPng();
}

function fontFiles(): string[] {
  const require = createRequire(import.meta.url);
  return ['DejaVuSans', 'DejaVuSans-Bold'].map((name) => require.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`));
}

function metadata({ title, data, command, version }: FigureOrigin): string {
  const attributes = Object.entries({ data, command, version }).map(([name, value]) => `${name}="${escapeXml(value)}"`);
  return (
    `<title>${escapeXml(title)}</title>` +
    `<desc>${escapeXml(`Data ${data}; drawn by: ${command}`)}</desc>` +
    `<metadata><figure xmlns="${NAMESPACE}" ${attributes.join(' ')}/></metadata>`
  );
}

function escapeXml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (character) => entities[character]);
}
