// Messages of plugins, and names and titles in files of somebody else, before they are stored or shown: of a length that
// can be read, without orders for a terminal, and with an escape in place of each character that cannot be seen.

/** Characters of a message that are kept: whole arrays get into them. */
export const MOST_MESSAGE = 2000;

/** What moves the cursor, sets colours, renames the window: from ESC to the end of the order. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const ORDERS = /\u001b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -/]*[0-~])/g;
/** What is left of control characters but tabs and ends of lines, and what makes text run the other way. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

const escapeOf = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

const CUT = '...';

/** Plain text stays as it is. @param most characters of the answer, dots at the end of what is cut included */
export function plainText(text: string, most = MOST_MESSAGE): string {
  const plain = text.replace(ORDERS, '').replaceAll('\r\n', '\n').replace(CONTROLS, escapeOf);
  if (plain.length <= most) return plain;
  // Not between the halves of a character.
  return plain.slice(0, most - CUT.length).replace(/[\ud800-\udbff]$/, '') + CUT;
}
