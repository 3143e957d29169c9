// In a tab, in place of `node:path`: paths of mounted folders, with `/` and from the root.

function normal(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

export const sep = '/';
export const join = (...parts: readonly string[]): string =>
  `${parts[0]?.startsWith('/') ? '/' : ''}${normal(parts.join('/'))}`;
export const resolve = (...parts: readonly string[]): string => {
  const absolute = parts.findLastIndex((part) => part.startsWith('/'));
  return `/${normal(parts.slice(Math.max(0, absolute)).join('/'))}`;
};
export const basename = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
export const dirname = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/'))) || '/';
export const extname = (path: string): string => /\.[^./]+$/.exec(basename(path))?.[0] ?? '';
export const isAbsolute = (path: string): boolean => path.startsWith('/');
/** '' for one and the same place, as Node has it. */
export function relative(from: string, to: string): string {
  const [start, end] = [from, to].map((path) => resolve(path).slice(1).split('/').filter(Boolean));
  const parted = start.findIndex((part, i) => part !== end[i]);
  const shared = parted < 0 ? start.length : parted;
  return [...start.slice(shared).map(() => '..'), ...end.slice(shared)].join('/');
}
