// In a tab, in place of `node:fs/promises`: nothing is written.
const refuse = (what: string) => async (): Promise<never> => {
  throw Object.assign(new Error(`EROFS: nothing is written in a tab, '${what}'`), { code: 'EROFS' });
};

export const mkdir = refuse('mkdir');
export const open = refuse('open');
export const readFile = refuse('readFile');
export const rename = refuse('rename');
export const rm = refuse('rm');
export const writeFile = refuse('writeFile');
