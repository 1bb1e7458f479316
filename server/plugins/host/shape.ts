import type { Plugin } from '../plugin.js';
import { wikiMethods } from '../protocol.js';
import type { WikiTarget } from '../../share/wiki/ports.js';

/**
 * The plug-in in a module: its default export.
 *
 * @throws Error with a sentence where it is none, or another one than the package says
 */
export function pluginIn(module: unknown, declared: { kind: string; id: string }): Plugin<'wiki-target'> {
  const exported = (module as { default?: unknown }).default;
  // What a compiler made of an ES module has its default export inside.
  const plugin = isObject(exported) && isObject(exported['default']) ? exported['default'] : exported;
  if (!isObject(plugin)) throw new Error('its module has no default export made by definePlugin()');
  for (const key of ['kind', 'id'] as const)
    if (plugin[key] !== declared[key])
      throw new Error(`its package.json says ${key} "${declared[key]}" and its module "${String(plugin[key])}"`);
  if (typeof plugin['create'] !== 'function') throw new Error('it has no create()');
  const config = plugin['config'];
  if (!isObject(config) || typeof config['strict'] !== 'function' || !isObject(config['_zod']))
    throw new Error('its config is no z.object() of zod 4');
  return plugin as unknown as Plugin<'wiki-target'>;
}

/** What `create` made, if it is a target. @throws Error naming what it lacks */
export function targetIn(made: unknown): WikiTarget {
  if (!isObject(made)) throw new Error('create() made no target');
  const missing = wikiMethods.filter(name => typeof made[name] !== 'function');
  if (missing.length > 0)
    throw new Error(`create() made a target without ${missing.map(name => `${name}()`).join(', ')}`);
  return made as unknown as WikiTarget;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
