import * as z from 'zod';
import type { Plugin } from '../plugins/plugin.js';

/** A plug-in and its settings, as a section of the configuration has them. */
export type Chosen = { kind: string } & Record<string, unknown>;

/** One of some plug-ins with its settings: `{kind: <id>, …}`, and keys that all of them have. */
export function oneOf(plugins: readonly Plugin[], more: z.ZodRawShape = {}): z.ZodType<Chosen> {
  const [first, ...rest] = plugins.map(({ id, config, checksLater }) =>
    (checksLater === true ? config.loose() : config.strict()).safeExtend({ ...more, kind: z.literal(id) })
  );
  if (first === undefined) throw new Error('There are no plug-ins to choose from.');
  return z.discriminatedUnion('kind', [first, ...rest]) as unknown as z.ZodType<Chosen>;
}
