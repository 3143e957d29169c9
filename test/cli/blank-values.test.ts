// A variable of the shell that is not set leaves an empty value behind; no option and no argument takes it for one.
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { newFolder } from '../node/studies.js';
import { eigenflowMany } from './command.js';

const folder = newFolder();
const call = (argsOfEach: readonly (readonly string[])[]) =>
  eigenflowMany(argsOfEach.map((args) => ({ folder, args })));

const [{ stdout: help }] = call([['--help']]);
const commands = [...help.matchAll(/^ {2}([a-z]+) .*[[<]/gm)].map(([, name]) => name).filter((name) => name !== 'help');
const pages = call(commands.map((name) => [name, '--help'])).map(({ stdout }) => stdout);

it('every option of every command that takes a value refuses an empty and a blank one, by its name', () => {
  const options = pages.flatMap((page, i) =>
    [...page.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+) <.+?>/gm)].map(([, option]) => [commands[i], option] as const),
  );
  expect(commands.length).toBeGreaterThan(14);
  expect(options.length).toBeGreaterThan(50);
  const invocations = options.map(([command, option], i) => [command, option, i % 2 === 0 ? '' : ' ', 'x', 'x']);
  call(invocations).forEach(({ status, stdout, stderr }, i) => {
    const [command, option] = invocations[i];
    expect(stderr, `${command} ${option}`).toMatch(
      new RegExp(`^error: option '(-\\w, )?${option} <.+>' has no value: it is empty`),
    );
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });
});

it('so does every argument of every command', () => {
  const withArguments = commands.filter((_, i) => /^Arguments:/m.test(pages[i]));
  expect(withArguments.length).toBeGreaterThan(12);
  const some = ['--law', 'gaussian', '--of', 'a.b'];
  const argsOf = (name: string) => {
    const more: Record<string, string[]> = {
      new: ['plugin', ''],
      why: ['', 'x.json'],
      fit: ['', ...some],
      work: ['', '-p', '0/1'],
    };
    return [name, ...(more[name] ?? [''])];
  };
  call(withArguments.map(argsOf)).forEach(({ status, stderr }, i) => {
    expect(stderr, withArguments[i]).toMatch(/^error: the argument '\w+' has no value: it is empty/);
    expect(status).toBe(2);
  });
});

it('none of all this has written anything', () => {
  expect(readdirSync(folder)).toEqual([]);
});
