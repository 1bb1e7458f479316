import type { Command } from '../run.js';
import { withVerbs } from '../verbs.js';
import type { Verb } from '../verbs.js';
import { usages } from './usages.js';

const verbs: Record<string, Verb> = {
  init: { usage: usages.init, load: async () => (await import('./init.js')).init },
  validate: { usage: usages.validate, load: async () => (await import('./validate.js')).validate },
  push: { usage: `${usages.push}\n${usages.pushRemote}`, load: async () => (await import('./push.js')).push },
  import: { usage: usages.import, load: async () => (await import('./import.js')).importDags },
  export: { usage: usages.export, load: async () => (await import('./export.js')).exportSchedules },
  list: { usage: usages.list, load: async () => (await import('./show.js')).list },
  show: { usage: usages.show, load: async () => (await import('./show.js')).show },
  pause: { usage: usages.pause, load: async () => (await import('./change.js')).pause },
  resume: { usage: usages.resume, load: async () => (await import('./change.js')).resume },
  run: { usage: usages.run, load: async () => (await import('./start.js')).runNow },
  backfill: { usage: usages.backfill, load: async () => (await import('./start.js')).backfill },
  delete: { usage: usages.delete, load: async () => (await import('./change.js')).remove },
  restore: { usage: usages.restore, load: async () => (await import('./change.js')).restore }
};

/** `lakeside schedule`: its verbs. NAME is a schedule's name or id. */
export const schedule: Command = withVerbs('schedule', verbs, [
  'NAME is the name or the id of a schedule. FILE is a lakeside.yml; paths of notebooks in it count from the folder that JupyterLab shows.',
  'Schedules run while a Jupyter server of this home is up. Docs: docs/users/schedule-cli.md'
]);
