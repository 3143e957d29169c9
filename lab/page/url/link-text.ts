// The state of the page as the text after # of its address, which no server sees: `v=1&map=phases&at.model.initialWidth=0.125`.
// Every entry is a name and a text; what they mean is for whoever has put them there.

/** Raised when old links no longer say what they said. */
const VERSION = '1';
/** No browser carries more. */
const LONGEST = 100_000;

export type LinkEntries = ReadonlyMap<string, string>;

export type ReadLink = { readonly entries: LinkEntries } | { readonly problem: string };

/** As readable as an address can be: these need no escape after a #. */
const PLAIN = /%(3A|2C|2F|40|24|3B|5B|5D|7B|7D|22)/g;
const KEPT: Readonly<Record<string, string>> = { '3A': ':', '2C': ',', '2F': '/', '40': '@', '24': '$', '3B': ';' };

const escaped = (text: string) =>
  encodeURIComponent(text).replaceAll(PLAIN, (code, digits: string) => KEPT[digits] ?? code);

/** @returns with its #; entries in the order of their names */
export function writeLink(entries: LinkEntries): string {
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  return `#${[['v', VERSION], ...sorted].map(([name, text]) => `${escaped(name)}=${escaped(text)}`).join('&')}`;
}

/** @param hash with or without its #. @returns no entries for an empty one; a sentence where it cannot be read */
export function readLink(hash: string): ReadLink {
  const text = hash.replace(/^#/, '');
  if (text === '') return { entries: new Map() };
  if (text.length > LONGEST)
    return { problem: 'This link is too long to be one of this page; the page opens as it is.' };
  const entries = new Map<string, string>();
  try {
    for (const part of text.split('&')) {
      const at = part.indexOf('=');
      if (at <= 0) throw new Error('no name');
      const name = decodeURIComponent(part.slice(0, at));
      if (entries.has(name)) throw new Error('a name comes twice');
      entries.set(name, decodeURIComponent(part.slice(at + 1)));
    }
  } catch {
    return {
      problem: 'This link is damaged: a part of it cannot be read. The page opens as it is; ask for the link again.',
    };
  }
  const version = entries.get('v');
  if (version !== VERSION) {
    const what =
      version === undefined ? 'says no version' : `is of version ${version.slice(0, 20)}, this page knows ${VERSION}`;
    return { problem: `This link ${what}; the page opens as it is.` };
  }
  entries.delete('v');
  return { entries };
}
