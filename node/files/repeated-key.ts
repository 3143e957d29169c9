// A key that stands twice in an object of a JSON text. JSON.parse keeps the last value and says nothing, so that half of a
// sweep would be missing after two versions of a scenario were merged.

export interface RepeatedKey {
  readonly key: string;
  /** Path of the object that has it; '' for the whole. */
  readonly within: string;
  /** Lines of its first and its second place, from 1. */
  readonly lines: readonly [number, number];
}

interface Level {
  /** Lines of the keys of an object; undefined for a list. */
  readonly keys?: Map<string, number>;
  readonly path: string;
  /** What stands here now: a key, or a place in the list. */
  now: string;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:\n]/g;

/** @param text JSON that JSON.parse has accepted. @returns the first key that is repeated; undefined where none is */
export function findRepeatedKey(text: string): RepeatedKey | undefined {
  const levels: Level[] = [];
  let line = 1;
  let previous = '';
  for (const [token] of text.matchAll(TOKEN)) {
    const level = levels.at(-1);
    if (token === '\n') {
      line += 1;
      continue;
    }
    if (token === '{' || token === '[') {
      const within =
        level === undefined ? '' : level.keys ? join(level.path, level.now) : `${level.path}[${level.now}]`;
      levels.push({ path: within, now: '0', ...(token === '{' && { keys: new Map<string, number>() }) });
    } else if (token === '}' || token === ']') levels.pop();
    else if (token === ',' && level && !level.keys) level.now = String(Number(level.now) + 1);
    else if (token[0] === '"' && level?.keys && (previous === '{' || previous === ',')) {
      const key: string = JSON.parse(token);
      const first = level.keys.get(key);
      if (first !== undefined) return { key, within: level.path, lines: [first, line] };
      level.keys.set(key, line);
      level.now = key;
    }
    previous = token;
  }
  return undefined;
}

const join = (path: string, key: string) => (path === '' ? key : `${path}.${key}`);
