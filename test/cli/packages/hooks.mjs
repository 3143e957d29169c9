// Appends the name of every package of which a module is loaded to the file that LOADED_PACKAGES names, once per module.
// What CommonJS requires is not seen, but the package that requires it is.
import { appendFileSync } from 'node:fs';

export async function load(url, context, next) {
  const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  if (name !== undefined) appendFileSync(process.env.LOADED_PACKAGES, `${name}\n`);
  return next(url, context);
}
