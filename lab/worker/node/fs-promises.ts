// In a tab, in place of `node:fs/promises`: nothing is written.
const refuse = (what: string) => async (): Promise<never> => {
  throw Object.assign(new Error(`EROFS: nothing is written in a tab, '${what}'`), { code: 'EROFS' });
};

export const access = refuse('access');
export const appendFile = refuse('appendFile');
export const chmod = refuse('chmod');
export const copyFile = refuse('copyFile');
export const link = refuse('link');
export const lstat = refuse('lstat');
export const mkdir = refuse('mkdir');
export const mkdtemp = refuse('mkdtemp');
export const open = refuse('open');
export const readFile = refuse('readFile');
export const readdir = refuse('readdir');
export const rename = refuse('rename');
export const rm = refuse('rm');
export const rmdir = refuse('rmdir');
export const stat = refuse('stat');
export const symlink = refuse('symlink');
export const unlink = refuse('unlink');
export const utimes = refuse('utimes');
export const writeFile = refuse('writeFile');
