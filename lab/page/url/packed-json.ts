// JSON in an address: as it is where it is short, else deflated and in base64url.
import type { Json } from '../../../core/contracts/json.js';

const SHORT = 160;
/** A link cannot unfold to more; unit: bytes. */
const MOST_BYTES = 2 ** 18;

const damaged = () => new Error('This link is damaged: the scenario in it cannot be read.');

function toBase64Url(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

async function readAll(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    size += next.value.length;
    if (size > MOST_BYTES) {
      await reader.cancel();
      throw new Error('This link holds a scenario that is too large.');
    }
    parts.push(next.value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

const through = (bytes: Uint8Array<ArrayBuffer>, by: CompressionStream | DecompressionStream) =>
  readAll(
    new Blob([bytes])
      .stream()
      .pipeThrough(by as ReadableWritablePair<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>),
  );

export async function packJson(value: Json): Promise<string> {
  const text = JSON.stringify(value);
  if (text.length <= SHORT) return `j${text}`;
  const deflated = await through(new TextEncoder().encode(text), new CompressionStream('deflate-raw'));
  return `z${toBase64Url(deflated)}`;
}

/** @throws Error that says so for what is damaged or too large */
export async function unpackJson(packed: string): Promise<Json> {
  if (packed.startsWith('j')) {
    try {
      return JSON.parse(packed.slice(1));
    } catch {
      throw damaged();
    }
  }
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = fromBase64Url(packed.slice(1));
  } catch {
    throw damaged();
  }
  const text = await through(bytes, new DecompressionStream('deflate-raw')).catch((error: unknown) => {
    throw error instanceof Error && /too large/.test(error.message) ? error : damaged();
  });
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text));
  } catch {
    throw damaged();
  }
}
