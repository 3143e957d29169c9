// Optional members that are misspelt: nothing misses them, so nothing would say that they are never called.
import { suggest } from '../errors.js';
import { callable, type Rules } from '../plugin/member-rules.js';

/** Names of the functions of an object, those of its class included. */
function functionsOf(object: object): string[] {
  const names = new Set<string>();
  for (let level = object; level !== Object.prototype && level !== null; level = Object.getPrototypeOf(level)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(level))) {
      if (typeof value === 'function' && name !== 'constructor') names.add(name);
    }
  }
  return [...names];
}

/** @returns for each function that no contract knows and that is called nearly like an absent optional one: what to ask */
export function nearMisses(object: object, rules: Rules): string[] {
  const absent = Object.entries(rules).flatMap(([name, { optional, expected }]) =>
    optional && expected === callable.expected && !(name in object) ? [name] : [],
  );
  const own = functionsOf(object).filter((name) => !Object.hasOwn(rules, name));
  const below = Object.entries(rules).flatMap(([name, { members }]) => {
    const part = members && (object as Readonly<Record<string, unknown>>)[name];
    return typeof part === 'object' && part !== null && members ? nearMisses(part, members) : [];
  });
  const near = own.flatMap((name) => {
    const question = suggest(name, absent);
    return question ? [`${name}${question}`] : [];
  });
  return [...near, ...below];
}
