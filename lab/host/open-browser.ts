// Opens the page in the browser of whoever started the lab, where there is one. Never an error: the address is printed.
import { spawn } from 'node:child_process';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a system opens an address with; undefined where nobody would see a window. */
export function openingCommand(
  url: string,
  platform: NodeJS.Platform = process.platform,
  environment: Environment = process.env,
): readonly string[] | undefined {
  // The screen is then that of another machine.
  if (environment.SSH_CONNECTION || environment.SSH_TTY) return undefined;
  if (platform === 'darwin') return ['open', url];
  if (platform === 'win32') return ['cmd', '/c', 'start', '""', url];
  return environment.DISPLAY || environment.WAYLAND_DISPLAY ? ['xdg-open', url] : undefined;
}

/** @returns whether a browser was asked for */
export function openBrowser(url: string): boolean {
  const command = openingCommand(url);
  if (command === undefined) return false;
  const [program, ...args] = command;
  const child = spawn(program, args, { stdio: 'ignore', detached: true, windowsVerbatimArguments: true });
  child.on('error', () => {});
  child.unref();
  return true;
}
