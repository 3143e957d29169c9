// `eigenflow native`: builds, shows and removes the native player, which makes steps faster, to the same bits.
import { Command } from 'commander';
import { buildPlayer } from '../../node/native/build-player.js';
import { choosePlayer, inWords } from '../../node/native/choose-player.js';
import { builtPlayers, playerFolder, removePlayers } from '../../node/native/player-file.js';
import { print } from '../print.js';

/** No error where there is no compiler: WebAssembly does everything as well. */
function build(): void {
  const made = buildPlayer();
  if ('reason' in made) {
    print(`no native player: ${made.reason}. WebAssembly goes on, to the same bits\n`);
    return;
  }
  print(`${made.path}\nplayer: ${inWords(choosePlayer('auto'))}\n`);
}

function status(): void {
  const built = builtPlayers();
  print(built.length === 0 ? `nothing built for this machine in ${playerFolder()}\n` : `${built.join('\n')}\n`);
  print(`player: ${inWords(choosePlayer('auto'))}\n`);
}

function remove(): void {
  const count = removePlayers();
  print(`${count} ${count === 1 ? 'player' : 'players'} removed from ${playerFolder()}\n`);
}

export function nativeCommand(): Command {
  const command = new Command('native').description('build, show or remove the native player: faster steps, same bits');
  const actions = [
    ['build', 'compile the player for this machine, with CC or cc', build],
    ['status', 'which player `auto` takes here, and why', status],
    ['remove', 'remove every built player of this user', remove],
  ] as const;
  for (const [name, description, action] of actions) {
    command.addCommand(new Command(name).description(description).action(action).exitOverride().showHelpAfterError());
  }
  return command;
}
