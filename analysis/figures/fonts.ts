// The fonts that figures are drawn with. The usual ones are shipped: fonts of the machine would make an image depend on it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EigenflowError, messageOf, suggest } from '../../core/errors.js';
import { packageFile } from '../../node/scenario/load-module.js';

/** A checkout takes them from their package, of which the build copies what is used (scripts/build.mjs). */
const PACKAGE = packageFile('node_modules', 'dejavu-fonts-ttf', 'ttf');
const FOLDER = existsSync(PACKAGE) ? PACKAGE : packageFile('dist', 'fonts');

const path = (name: string) => join(FOLDER, `${name}.ttf`);

/** Has every symbol that a figure may need, and stands in where another font lacks one. */
export const FONT_FILES = { regular: path('DejaVuSans'), bold: path('DejaVuSans-Bold') } as const;

/** Families that come with eigenflow. */
const FAMILIES: Readonly<Record<string, string>> = {
  'DejaVu Sans': 'DejaVuSans',
  'DejaVu Sans Mono': 'DejaVuSansMono',
  'DejaVu Serif': 'DejaVuSerif',
};

export interface FontFace {
  /** As SVG names it. */
  readonly family: string;
  readonly regular: string;
  /** The regular one, where a file is given. */
  readonly bold: string;
  hasGlyph(character: string): boolean;
}

/**
 * @param font a family that comes with eigenflow, or the path of a font file (TrueType or OpenType)
 * @throws EigenflowError `file` for a family that is not known, or a file that is no font
 */
export async function openFont(font = 'DejaVu Sans'): Promise<FontFace> {
  const shipped = Object.keys(FAMILIES).find((family) => family.toLowerCase() === font.toLowerCase());
  if (shipped !== undefined) {
    const [regular, bold] = ['', '-Bold'].map((weight) => path(`${FAMILIES[shipped]}${weight}`));
    return { family: shipped, regular, bold, hasGlyph: (await glyphsOf(regular)).hasGlyph };
  }
  if (!existsSync(font)) {
    const known = Object.keys(FAMILIES);
    const hint = `neither a family that comes with eigenflow${suggest(font, known)} nor a font file; families: ${known.join(', ')}`;
    throw new EigenflowError('file', font, hint);
  }
  return { ...(await glyphsOf(font)), regular: font, bold: font };
}

async function glyphsOf(file: string): Promise<Pick<FontFace, 'family' | 'hasGlyph'>> {
  const { create } = await import('fontkit');
  let font: ReturnType<typeof create>;
  try {
    font = create(readFileSync(file));
  } catch (error) {
    throw new EigenflowError('file', file, `is no font that can be drawn with (.ttf, .otf): ${messageOf(error)}`);
  }
  if (!('hasGlyphForCodePoint' in font) || typeof font.familyName !== 'string') {
    throw new EigenflowError('file', file, 'holds a collection of fonts; give a file of one');
  }
  const { familyName } = font;
  return {
    // In an attribute of an SVG, and read back from there.
    family: familyName.replace(/[^\p{L}\p{N} -]/gu, ''),
    hasGlyph: (character) => font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0),
  };
}
