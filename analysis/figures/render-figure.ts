// Draws a Vega specification as SVG and PDF, with text as text, and as PNG; each file says where it comes from. Packages
// that draw are loaded when they are asked for: they take longer to load than to draw.
import type { Spec } from 'vega';
import { addPngText } from '../../node/files/png-text.js';
import { FONT } from './draw/style.js';
import { type FigureOrigin, pngOrigin, svgOrigin } from './figure-origin.js';
import { FONT_FILES, type FontFace, openFont } from './fonts.js';
import { withRichText } from './rich-text.js';

export const FIGURE_FORMATS = ['svg', 'pdf', 'png'] as const;
export type FigureFormat = (typeof FIGURE_FORMATS)[number];

/** Pixels of a PNG for each pixel of its SVG: 288 to the inch. */
const PNG_SCALE = 3;
/** Of the font that is always there. */
const FALLBACK = 'DejaVu Sans';

/** How a specification becomes an image. */
export interface Rendering {
  /** Of the image, over that of the specification. Default 1. */
  readonly scale?: number;
  /** As `openFont` takes it. */
  readonly font?: string;
}

/**
 * @returns the content of a file for each format
 * @throws EigenflowError `file` for a font that there is not
 */
export async function renderFigure(
  spec: Spec,
  origin: FigureOrigin,
  formats: readonly FigureFormat[],
  { scale, font }: Rendering = {},
): Promise<Map<FigureFormat, string | Uint8Array>> {
  const face = await openFont(font);
  const svg = await renderSvg(spec, origin, scale, face);
  const files = new Map<FigureFormat, string | Uint8Array>();
  for (const format of formats) {
    if (format === 'svg') files.set(format, svg);
    if (format === 'png') files.set(format, await renderPng(svg, PNG_SCALE, origin, face));
    if (format === 'pdf') {
      const { renderPdf } = await import('./render-pdf.js');
      files.set(format, await renderPdf(svg, origin, face));
    }
  }
  return files;
}

export async function renderSvg(spec: Spec, origin: FigureOrigin, scale = 1, given?: FontFace): Promise<string> {
  const { parse, View } = await import('vega');
  const face = given ?? (await openFont());
  const view = new View(parse(spec), { renderer: 'none' });
  try {
    const drawn = withRichText(numberClips(await view.toSVG(scale)), { hasGlyph: face.hasGlyph, fallback: FALLBACK });
    const family = `${[face.family, ...FONT.split(', ')].filter((name, i, all) => all.indexOf(name) === i).join(', ')}`;
    const svg = drawn.replaceAll(`font-family="${FONT}"`, `font-family="${family}"`);
    return svg.replace(/^(<svg[^>]*>)/, `$1${svgOrigin(origin)}`);
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
export async function renderPng(
  svg: string,
  scale: number,
  origin: FigureOrigin,
  given?: FontFace,
): Promise<Uint8Array> {
  const { Resvg } = await import('@resvg/resvg-js');
  const face = given ?? (await openFont());
  const image = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: scale },
    // Without any font, all text vanishes silently.
    font: {
      loadSystemFonts: false,
      fontFiles: [...new Set([face.regular, face.bold, ...Object.values(FONT_FILES)])],
      defaultFontFamily: FALLBACK,
    },
  });
  return addPngText(image.render().asPng(), pngOrigin(origin));
}
