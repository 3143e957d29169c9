/**
 * Moves the vector constants of a WebAssembly module into its memory. The V8 of Node 24 puts a vector constant together
 * anew, in several instructions, wherever it is used, inside loops too; a load is one instruction in every version.
 */
import binaryen from 'assemblyscript/binaryen';

const CONSTANT = /\(v128\.const i32x4 (0x[0-9a-f]{8} 0x[0-9a-f]{8} 0x[0-9a-f]{8} 0x[0-9a-f]{8})\)/g;
/** Made by one instruction without a load. */
const ZERO = '0x00000000 0x00000000 0x00000000 0x00000000';

/** The sixteen bytes of a constant, as WebAssembly text writes data. */
function escaped(constant) {
  const bytes = constant.split(' ').flatMap((word) => [0, 8, 16, 24].map((shift) => (Number(word) >>> shift) & 255));
  return bytes.map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');
}

/** What the function `heapBase` of the module returns: static data ends there. Read, since not every Node runs it. */
function staticEnd(module) {
  const { value: name } = binaryen.getExportInfo(module.getExport('heapBase'));
  const { body } = binaryen.getFunctionInfo(module.getFunction(name));
  return binaryen.getExpressionInfo(body).value;
}

/** @returns the module with its constants behind its static data, and where these end now */
export function poolConstants(compiled) {
  const module = binaryen.readBinary(compiled);
  module.setFeatures(binaryen.Features.All);
  const address = Math.ceil(staticEnd(module) / 64) * 64;
  const pool = new Map();
  const text = module.emitText().replace(CONSTANT, (whole, constant) => {
    if (constant === ZERO) return whole;
    if (!pool.has(constant)) pool.set(constant, address + 16 * pool.size);
    return `(v128.load (i32.const ${pool.get(constant)}))`;
  });
  module.dispose();
  const data = `(data (i32.const ${address}) "${[...pool.keys()].map(escaped).join('')}")`;
  const pooled = binaryen.parseText(text.replace(/\)\s*$/, ` ${data})`));
  pooled.setFeatures(binaryen.Features.All);
  if (!pooled.validate()) throw new Error('the kernels are not valid after their constants were moved');
  const binary = pooled.emitBinary();
  pooled.dispose();
  return { binary, end: address + 16 * pool.size };
}
