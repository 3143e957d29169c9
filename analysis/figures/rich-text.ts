// Text of an SVG as it is read: lowered and raised parts as such, minus signs as minus signs. Labels are written plainly,
// `σ_W` or `x_{max}`, and laid out as such; the renderers of PNG and PDF know no more than tspans that move by a step.

/** Size of lowered and raised text, and how far it moves; in font sizes. */
const SCRIPT = 0.72;
const DOWN = 0.2;
const UP = 0.36;

interface Piece {
  readonly text: string;
  readonly script?: 'sub' | 'super';
  /** Of another family, which has its characters. */
  readonly family?: string;
}

/** What a font can draw, and what stands in for it. */
export interface Glyphs {
  hasGlyph(character: string): boolean;
  readonly fallback: string;
}

const ALL: Glyphs = { hasGlyph: () => true, fallback: '' };

/**
 * Lowered after a single letter (`T_c`, not `x_test` of `my_x_test`), raised after `^`. More than one character that is
 * not a letter or digit needs braces.
 */
const SCRIPTS = /(?<![\p{L}\p{Nd}_])(\p{L})_(\{[^{}]*\}|[\p{L}\p{Nd}]+)|\^(\{[^{}]*\}|[-−]?\p{Nd}+|\p{L})/gu;

/** A hyphen before a number that nothing stands before: a minus sign. */
const HYPHEN = /(^|[\s([=,×/])-(?=\d)/g;

/** Characters of their own for raised and lowered text, by what they mean. */
const RAISED = 'ᵀ⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺';
const RAISED_PLAIN = 'T0123456789−+';

const unbraced = (text: string) => text.replace(/^\{|\}$/g, '');

function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(SCRIPTS)) {
    const [whole, base = '', low, high] = match;
    pieces.push({ text: text.slice(end, match.index) + base });
    pieces.push(
      low === undefined
        ? { text: unbraced(high).replace('-', '−'), script: 'super' }
        : { text: unbraced(low), script: 'sub' },
    );
    end = match.index + whole.length;
  }
  return [...pieces, { text: text.slice(end) }].filter((piece) => piece.text !== '');
}

/** Raised characters that a font lacks, as raised text. */
function spelled({ text, script }: Piece, hasGlyph: (character: string) => boolean): Piece[] {
  if (script !== undefined) return [{ text, script }];
  const lacks = (character: string) => RAISED.includes(character) && !hasGlyph(character);
  if (!Array.from(text).some(lacks)) return [{ text }];
  return text
    .split(new RegExp(`([${RAISED}]+)`))
    .filter((part) => part !== '')
    .map((part) => {
      if (!RAISED.includes(part[0])) return { text: part };
      return {
        text: Array.from(part, (character) => RAISED_PLAIN[RAISED.indexOf(character)]).join(''),
        script: 'super',
      };
    });
}

/** Entities of XML are one character; none of them is missing from any font. */
const CHARACTERS = /&[#\w]+;|[\s\S]/gu;

/** Characters that the font lacks, in the one that stands in for it. */
function standIn(piece: Piece, { hasGlyph, fallback }: Glyphs): Piece[] {
  const pieces: { text: string; family?: string }[] = [];
  for (const [character] of piece.text.matchAll(CHARACTERS)) {
    const family = character.length > 2 || hasGlyph(character) ? undefined : fallback;
    const last = pieces.at(-1);
    if (last !== undefined && last.family === family) last.text += character;
    else pieces.push({ text: character, family });
  }
  return pieces.map(({ text, family }) => ({ text, script: piece.script, family }));
}

/** The inside of a text element. @param text escaped, as XML has it */
export function richText(text: string, fontSize: number, glyphs: Glyphs = ALL): string {
  const signed = text.replace(HYPHEN, (_, before: string) => `${before}−`);
  const pieces = piecesOf(signed)
    .flatMap((piece) => spelled(piece, glyphs.hasGlyph))
    .flatMap((piece) => standIn(piece, glyphs));
  let off = 0;
  return pieces
    .map(({ text: own, script, family }) => {
      const to = script === undefined ? 0 : fontSize * (script === 'sub' ? DOWN : -UP);
      const step = Number((to - off).toFixed(3));
      off = to;
      const attributes = [
        ...(step === 0 ? [] : [`dy="${step}"`]),
        ...(script === undefined ? [] : [`font-size="${Number((fontSize * SCRIPT).toFixed(3))}px"`]),
        ...(family === undefined ? [] : [`font-family="${family}"`]),
      ];
      return attributes.length === 0 ? own : `<tspan ${attributes.join(' ')}>${own}</tspan>`;
    })
    .join('');
}

/** Every text of an SVG, made of one line each. */
export function withRichText(svg: string, glyphs?: Glyphs): string {
  return svg.replace(/<text ([^>]*)>([^<]*)<\/text>/g, (_, attributes: string, text: string) => {
    const size = Number(/font-size="([\d.]+)px"/.exec(attributes)?.[1] ?? 10);
    return `<text ${attributes}>${richText(text, size, glyphs)}</text>`;
  });
}
