// What Node has everywhere and a tab has not.
import { Buffer } from 'buffer';

/** No process: none is alive, and none has a number. */
const process = {
  pid: 0,
  platform: 'browser',
  env: {},
  versions: {},
  kill(): never {
    throw Object.assign(new Error('no processes in a tab'), { code: 'ESRCH' });
  },
};

export { Buffer, process };
