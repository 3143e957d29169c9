// What the browser's worker runs: the same scenarios, and the digests sent to the test that serves this file.
import { digests } from './digests.js';

const send = (body: unknown) => fetch('/digests', { method: 'POST', body: JSON.stringify(body) });

digests().then(send, (error: unknown) => send({ error: String(error instanceof Error ? error.stack : error) }));
