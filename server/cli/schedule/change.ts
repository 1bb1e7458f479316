import { routes } from '../../../contract/routes.js';
import type { Command } from '../run.js';
import { readArguments } from '../arguments.js';
import { plain, print, printJson } from '../output.js';
import { withSession } from '../session.js';
import { findSchedule } from './find.js';
import { usages } from './usages.js';
import { nextInWords } from './words.js';

/** Days for which a deleted schedule can be restored. */
const KEPT = 30;

interface Change {
  usage: string;
  state: 'active' | 'paused' | 'deleted';
  /** Whether it is looked for among the deleted ones. */
  deleted: boolean;
  done: (name: string, next: string) => string;
}

/** `lakeside schedule pause`. */
export const pause = changing({
  usage: usages.pause,
  state: 'paused',
  deleted: false,
  done: name => `Paused: ${name}. Times that pass meanwhile are not made up for.`
});

/** `lakeside schedule resume`. */
export const resume = changing({
  usage: usages.resume,
  state: 'active',
  deleted: false,
  done: (name, next) => `Resumed: ${name}, next ${next}`
});

/** `lakeside schedule delete`: restorable for 30 days. */
export const remove = changing({
  usage: usages.delete,
  state: 'deleted',
  deleted: false,
  done: name => `Deleted: ${name}. For ${KEPT} days: lakeside schedule restore "${name}"`
});

/** `lakeside schedule restore`. */
export const restore = changing({
  usage: usages.restore,
  state: 'active',
  deleted: true,
  done: (name, next) => `Restored: ${name}, next ${next}`
});

function changing({ usage, state, deleted, done }: Change): Command {
  return async args => {
    const { values, positionals } = readArguments(args, { json: { type: 'boolean' } }, { min: 1, usage });
    return withSession(async ({ client }) => {
      const found = await findSchedule(client, positionals[0] ?? '', deleted);
      const { id: scheduleId } = found.schedule;
      const schedule = await client.call(routes.schedule.setState, { params: { scheduleId }, body: { state } });
      if (values.json) printJson(schedule);
      else print(done(plain(schedule.spec.name), nextInWords(schedule)));
      return 0;
    });
  };
}
