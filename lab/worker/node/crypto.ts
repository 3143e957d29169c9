// In a tab, in place of `node:crypto`: SHA-256, which names and seals what is stored.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

export function createHash(algorithm: string) {
  if (algorithm !== 'sha256') throw new Error(`no ${algorithm} in a tab`);
  const hash = sha256.create();
  const made = {
    update(data: string | Uint8Array) {
      hash.update(typeof data === 'string' ? utf8ToBytes(data) : data);
      return made;
    },
    digest: (_encoding: 'hex') => bytesToHex(hash.digest()),
  };
  return made;
}

export const randomBytes = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count));
export const randomUUID = (): string => crypto.randomUUID();
