// Names of code as words: what an axis is called where nobody has said it.

/** The last part of a path in words: `optimiser.learningRate` is `learning rate`. Abbreviations keep their capitals. */
export function inWords(path: string): string {
  const name = path.slice(path.lastIndexOf('.') + 1);
  return name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, (_, before: string, next: string) => `${before} ${next}`)
    .split(/[\s_-]+/)
    .map((word, _, all) => (all.length > 1 && /^\p{Lu}\p{Ll}/u.test(word) ? word.toLowerCase() : word))
    .join(' ')
    .trim();
}

/** With its unit in brackets, where it has one that says more than the name. */
export function withUnit(name: string, unit: string | undefined): string {
  return unit === undefined || unit === '' || unit === '1' || unit === name ? name : `${name} (${unit})`;
}
