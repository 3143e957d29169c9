// Requests as a stranger would send them: byte by byte, because a library would mend them.
import { connect } from 'node:net';

export interface Answer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Question {
  readonly method?: string;
  /** Default: the right one. Several are sent as several lines. */
  readonly host?: string | readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** @param target as it stands in the first line */
export function ask(
  port: number,
  target: string,
  { method = 'GET', host, headers = {} }: Question = {},
): Promise<Answer> {
  const hosts = typeof host === 'string' ? [host] : (host ?? [`127.0.0.1:${port}`]);
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...hosts.map((name) => `Host: ${name}`),
    ...Object.entries({ Connection: 'close', ...headers }).map(([name, value]) => `${name}: ${value}`),
  ];
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${lines.join('\r\n')}\r\n\r\n`));
    const received: Buffer[] = [];
    socket.on('data', (part) => received.push(part));
    socket.on('error', reject);
    socket.on('close', () => resolve(parse(Buffer.concat(received))));
  });
}

function parse(received: Buffer): Answer {
  const end = received.indexOf('\r\n\r\n');
  const [first, ...rest] = received.subarray(0, end).toString('latin1').split('\r\n');
  const headers = Object.fromEntries(
    rest.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const body = received.subarray(end + 4);
  return {
    status: Number(first.split(' ')[1]),
    headers,
    body: headers['transfer-encoding'] === 'chunked' ? joinChunks(body) : body,
  };
}

function joinChunks(body: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const line = body.indexOf('\r\n', at);
    const length = line < 0 ? 0 : Number.parseInt(body.subarray(at, line).toString('latin1'), 16);
    if (!(length > 0)) return Buffer.concat(chunks);
    chunks.push(body.subarray(line + 2, line + 2 + length));
    at = line + 2 + length + 2;
  }
}
