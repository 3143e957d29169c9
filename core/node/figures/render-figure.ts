// Draws a Vega specification as SVG and PDF, with text as text, and as PNG; each file says where it comes from.
import { Resvg } from '@resvg/resvg-js';
import { parse, type Spec, View } from 'vega';
import { addPngText } from '../formats/png-text.js';
import { escapeXml } from '../formats/xml.js';
import { describeOrigin, type FigureOrigin } from './figure-origin.js';
import { FONT_FILES } from './fonts.js';

export const FIGURE_FORMATS = ['svg', 'pdf', 'png'] as const;
export type FigureFormat = (typeof FIGURE_FORMATS)[number];

/** Pixels of a PNG for each pixel of its SVG: 288 to the inch. */
const PNG_SCALE = 3;
const NAMESPACE = 'urn:eigenflow:figure';

/** @returns the content of a file for each format */
export async function renderFigure(
  spec: Spec,
  origin: FigureOrigin,
  formats: readonly FigureFormat[],
): Promise<Map<FigureFormat, string | Uint8Array>> {
  const svg = await renderSvg(spec, origin);
  const files = new Map<FigureFormat, string | Uint8Array>();
  for (const format of formats) {
    if (format === 'svg') files.set(format, svg);
    if (format === 'png') files.set(format, renderPng(svg, PNG_SCALE, origin));
    if (format === 'pdf') {
      // Loaded when asked for: it takes longer to load than to draw.
      const { renderPdf } = await import('./render-pdf.js');
      files.set(format, await renderPdf(svg, origin));
    }
  }
  return files;
}

export async function renderSvg(spec: Spec, origin: FigureOrigin): Promise<string> {
  const view = new View(parse(spec), { renderer: 'none' });
  try {
    const svg = numberClips(await view.toSVG());
    return svg.replace(/^(<svg[^>]*>)/, `$1${metadata(origin)}`);
  } finally {
    view.finalize();
  }
}

/** Vega counts clipping paths through the life of the process; a file counts its own. */
function numberClips(svg: string): string {
  const numbers = new Map<string, number>();
  return svg.replace(/(id="|url\(#)clip(\d+)/g, (_, before: string, id: string) => {
    if (!numbers.has(id)) numbers.set(id, numbers.size);
    return `${before}clip${numbers.get(id)}`;
  });
}

/** @param scale pixels of the image for each pixel of the SVG */
export function renderPng(svg: string, scale: number, origin: FigureOrigin): Uint8Array {
  const image = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: scale },
    // Without any font, all text vanishes silently.
    font: { loadSystemFonts: false, fontFiles: Object.values(FONT_FILES), defaultFontFamily: 'DejaVu Sans' },
  });
  return addPngText(image.render().asPng(), {
    Title: origin.title,
    Description: describeOrigin(origin),
    Software: `eigenflow ${origin.version}`,
  });
}

function metadata(origin: FigureOrigin): string {
  const { title, sample, data, command, version } = origin;
  const attributes = Object.entries({ data, sample, command, version }).map(
    ([name, value]) => `${name}="${escapeXml(value)}"`,
  );
  return (
    `<title>${escapeXml(title)}</title>` +
    `<desc>${escapeXml(describeOrigin(origin))}</desc>` +
    `<metadata><figure xmlns="${NAMESPACE}" ${attributes.join(' ')}/></metadata>`
  );
}
