import type { Command } from '../run.js';
import { withVerbs } from '../verbs.js';
import type { Verb } from '../verbs.js';

/** How the verbs of `lakeside runs` are written. */
const verbs: Record<string, Verb> = {
  list: {
    usage: 'lakeside runs list [--schedule NAME] [--state STATE] [--limit N] [--json]',
    load: async () => (await import('./list.js')).list
  },
  show: { usage: 'lakeside runs show RUN [--json]', load: async () => (await import('./show.js')).show },
  logs: { usage: 'lakeside runs logs RUN [--follow] [--json]', load: async () => (await import('./logs.js')).logs },
  cancel: { usage: 'lakeside runs cancel RUN [--json]', load: async () => (await import('./show.js')).cancel }
};

/** `lakeside runs`: its verbs. RUN is the id of a run. */
export const runs: Command = withVerbs('runs', verbs, ['RUN is the id of a run, as "lakeside runs list" names it.']);
