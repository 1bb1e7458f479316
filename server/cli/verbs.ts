import { ProblemError } from '../../contract/problem.js';
import { plain, print } from './output.js';
import type { Command } from './run.js';

/** A command of a command: how it is written, and its code, which is loaded when it runs. */
export interface Verb {
  usage: string;
  load: () => Promise<Command>;
}

/**
 * A command that has verbs: `lakeside runs list`.
 *
 * @param notes - what its help says after how they are written
 */
export function withVerbs(command: string, verbs: Readonly<Record<string, Verb>>, notes: readonly string[]): Command {
  return async args => {
    const [name = '--help', ...rest] = args;
    const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
    if (verb === undefined) {
      if (name !== '--help' && name !== '-h') {
        const message = `There is no "lakeside ${command} ${plain(name)}". See: lakeside ${command} --help`;
        throw new ProblemError('bad-request', message);
      }
      for (const { usage } of Object.values(verbs)) print(usage);
      if (notes.length > 0) print();
      for (const note of notes) print(note);
      return 0;
    }
    // What stands after -- is another program's.
    const own = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
    if (own.includes('--help') || own.includes('-h')) {
      print(verb.usage);
      return 0;
    }
    return (await verb.load())(rest);
  };
}
