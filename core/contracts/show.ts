// What somebody wrote, in a message about it: anything at all can stand there, and no message may fail over it.

/** Longest text of a value. */
const LONGEST = 60;
/** Entries and levels beyond which nothing would be seen anyway. */
const MOST_ENTRIES = 40;
const DEEPEST = 6;

const quoted = (text: string) => JSON.stringify(text.length > 2 * LONGEST ? text.slice(0, 2 * LONGEST) : text);

/** @param outer lists and objects that this one stands in */
function written(value: unknown, outer: readonly object[]): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return value.name === '' ? 'a function' : `the function ${value.name}`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (outer.includes(value)) return '(itself)';
  if (outer.length >= DEEPEST) return '...';
  const inside = [...outer, value];
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    const entries = Array.from({ length: Math.min(MOST_ENTRIES, (value as readonly unknown[]).length ?? 0) }, (_, i) =>
      written((value as readonly unknown[])[i], inside),
    );
    return `[${entries.join(',')}]`;
  }
  const entries = Object.entries(value).slice(0, MOST_ENTRIES);
  // A date, an expression, a map.
  if (entries.length === 0 && 'toString' in value && String(value) !== '[object Object]') return String(value);
  return `{${entries.map(([name, entry]) => `${quoted(name)}:${written(entry, inside)}`).join(',')}}`;
}

/** The value as JSON, and whatever is no JSON in words; at most 60 characters. Never throws. */
export function show(value: unknown): string {
  let text: string;
  try {
    text = written(value, []);
  } catch {
    // A getter or a proxy that throws.
    text = `a value of type ${typeof value} that cannot be read`;
  }
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text;
}
