// A figure as a PDF of one page: the shapes of its SVG, text as text, fonts embedded as subsets.
import PDFDocument from 'pdfkit';
import drawSvg from 'svg-to-pdfkit';
import { describeOrigin, type FigureOrigin } from './figure-origin.js';
import { FONT_FILES, type FontFace } from './fonts.js';

/** Points of a page for each pixel of an SVG. */
const POINTS = 72 / 96;

/** @param svg as `renderSvg` makes it with this font */
export function renderPdf(svg: string, origin: FigureOrigin, face: FontFace): Promise<Uint8Array> {
  const [width, height] = ['width', 'height'].map((side) =>
    Number(new RegExp(`^<svg[^>]* ${side}="([^"]+)"`).exec(svg)?.[1]),
  );
  const document = new PDFDocument({
    size: [width * POINTS, height * POINTS],
    margin: 0,
    // pdfTeX warns of newer ones than 1.5.
    pdfVersion: '1.5',
    info: {
      Title: origin.title,
      Subject: describeOrigin(origin),
      Keywords: `${origin.data}, ${origin.command}`,
      Creator: `eigenflow ${origin.version}`,
      // The same figure has the same bytes whenever it is drawn.
      CreationDate: new Date(0),
    },
  });
  const chunks: Uint8Array[] = [];
  const written = new Promise<Uint8Array>((resolve, reject) => {
    document.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    document.on('end', () => resolve(Buffer.concat(chunks)));
    document.on('error', reject);
  });
  document.registerFont('regular', face.regular);
  document.registerFont('bold', face.bold);
  for (const [name, file] of Object.entries(FONT_FILES)) document.registerFont(`stand-in ${name}`, file);
  drawSvg(document, svg, 0, 0, {
    fontCallback: (family, bold) => {
      const weight = bold ? 'bold' : 'regular';
      return family.startsWith(face.family) ? weight : `stand-in ${weight}`;
    },
    warningCallback: (warning) => document.destroy(new Error(`the PDF would lack something: ${warning}`)),
  });
  document.end();
  return written;
}
