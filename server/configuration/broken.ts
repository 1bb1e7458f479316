import * as z from 'zod';
import { ProblemError } from '../../contract/problem.js';
import type { BrokenPlugin } from '../plugins/outside.js';
import type { Plugin } from '../plugins/plugin.js';
import type { Registry } from '../plugins/registry.js';
import type { Source } from '../yaml/source.js';

/**
 * Where a plug-in from outside is broken, nobody knows which kinds of targets it would have brought. So every kind that
 * there is none for becomes one that says so when it is used.
 */
export function unusablePlugins(
  sources: readonly Source[],
  known: Registry,
  broken: readonly BrokenPlugin[]
): Plugin<'wiki-target'>[] {
  const ids = new Set(known.of('wiki-target').map(({ id }) => id));
  const wanted = new Set(sources.flatMap(({ data }) => kindsIn(data)).filter(kind => !ids.has(kind)));
  return [...wanted].map(id => ({
    kind: 'wiki-target',
    id,
    config: z.looseObject({}),
    checksLater: true,
    create() {
      const reasons = broken.map(({ sentence }) => sentence).join(' ');
      return Promise.reject(
        new ProblemError('target-failed', `There is no plug-in for targets of the kind ${id}. ${reasons}`)
      );
    }
  }));
}

function kindsIn(data: unknown): string[] {
  const targets = (data as { targets?: unknown } | null)?.targets;
  if (typeof targets !== 'object' || targets === null) return [];
  return Object.values(targets).flatMap(target => {
    const kind = (target as { kind?: unknown } | null)?.kind;
    return typeof kind === 'string' && kind !== '' ? [kind.slice(0, 100)] : [];
  });
}
