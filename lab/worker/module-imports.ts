// What a module imports: found by reading past comments, texts and templates, so that words in them count for nothing.

export interface Import {
  readonly specifier: string;
  /** Of the specifier in the source, without its quotes. */
  readonly start: number;
  readonly end: number;
}

/** Whatever can hide a quote or a word, and texts themselves. */
const TOKEN = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|`(?:\\[\s\S]|[^`\\])*`|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;

/** What stands before the specifier of an import or a re-export, or of an `import()`. */
const BEFORE = /(?:\bfrom|\bimport|\bimport\s*\()\s*$/;

export function importsOf(source: string): Import[] {
  let code = '';
  let last = 0;
  const found: Import[] = [];
  for (const match of source.matchAll(TOKEN)) {
    const [token] = match;
    code += source.slice(last, match.index);
    const isText = token.startsWith('"') || token.startsWith("'");
    if (isText && BEFORE.test(code)) {
      found.push({ specifier: token.slice(1, -1), start: match.index + 1, end: match.index + token.length - 1 });
    }
    // Comments may stand between the words of an import.
    code = isText || token.startsWith('`') ? `${code}''` : `${code} `;
    last = match.index + token.length;
  }
  return found;
}
