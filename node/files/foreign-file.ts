// What lies where arrays should be: what a clone without Git LFS leaves, a page of a failed download, a file of another
// program. Said by its first bytes, because "damaged, save it again" sends people the wrong way.

/** Bytes that are enough to tell. */
export const HEAD_BYTES = 512;

const KINDS: readonly (readonly [start: RegExp | string, what: string])[] = [
  [
    'version https://git-lfs.github.com/spec/',
    'is a Git LFS pointer, not the file itself; run "git lfs pull" in its repository (after "git lfs install")',
  ],
  [
    /^\s*<(!doctype html|html|head|body)/i,
    'is a web page (HTML), as a failed download leaves one: an address that is wrong or needs a login; download it again',
  ],
  [/^\s*<\?xml/, 'is XML, such as the message of a server that a failed download leaves; download it again'],
  ['PK\x03\x04', 'is a zip archive, such as a .npz of numpy or a checkpoint of torch.save; name it by what it is'],
  ['\x89HDF\r\n\x1a\n', 'is an HDF5 file, such as Keras writes; save its arrays as .npz or .safetensors'],
  ['\x93NUMPY', 'is a single array (.npy); save it with numpy.savez(path, name=array)'],
  ['\x1f\x8b', 'is compressed with gzip; unpack it first'],
  ...[2, 3, 4, 5].map(
    (protocol) =>
      [
        `\x80${String.fromCharCode(protocol)}`,
        'is a pickle of Python, which can run code and is never opened; save its arrays as .npz or .safetensors',
      ] as const,
  ),
];

/** @param head the first bytes of a file. @returns what it is, with the way out; undefined where it is nothing known */
export function foreignContent(head: Uint8Array): string | undefined {
  const text = Buffer.from(head.subarray(0, HEAD_BYTES))
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '');
  return KINDS.find(([start]) => (typeof start === 'string' ? text.startsWith(start) : start.test(text)))?.[1];
}
