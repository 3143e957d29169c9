// What a plugin file imports, found without running it.
import { describe, expect, it } from 'vitest';
import { importsOf } from '../../../lab/worker/module-imports.js';

const found = (source: string) => importsOf(source).map(({ specifier }) => specifier);

describe('imports of a module', () => {
  it('are found in every form', () => {
    const source = [
      `import { a } from 'eigenflow';`,
      `import b, * as c from "eigenflow/theory"`,
      `import'side';export*from"again";export { d } /* here */ from /* there */ './other.js';`,
      `const late = await import('late');import{x}from"tight"`,
      `import {\n  many,\n  lines,\n} from 'eigenflow';`,
    ].join('\n');
    expect(found(source)).toEqual([
      'eigenflow',
      'eigenflow/theory',
      'side',
      'again',
      './other.js',
      'late',
      'tight',
      'eigenflow',
    ]);
  });

  it('are not what comments, texts and templates say', () => {
    const source = [
      `// import x from 'a';`,
      `/* import y from 'b' */`,
      "const t = `import z from 'c'`;",
      `const s = "import w from 'd'";`,
      `const from = 1, list = [from, 'e'];`,
    ].join('\n');
    expect(found(source)).toEqual([]);
  });

  it('are told with their place', () => {
    const source = `import { a } from 'eigenflow';`;
    const [{ start, end }] = importsOf(source);
    expect(source.slice(start, end)).toBe('eigenflow');
  });
});
