import { registerHooks } from 'node:module';
import { faultOf } from './faults.js';
import { createHost } from './host.js';
import { followParent } from './parent.js';
import { pluginIn } from './shape.js';
import type { FromPlugin, PluginStart, ToPlugin } from '../protocol.js';

/**
 * The process of a plug-in from outside: loads it, and does what Lakeside asks for over the channel. It ends with
 * Lakeside.
 */
const KIT = '@lakeside/plugin-kit';

/** Bound before foreign code runs. */
const send = process.send?.bind(process);
const { entry, kind, id, parent } = JSON.parse(process.argv[2] ?? '{}') as PluginStart;

function say(message: FromPlugin): void {
  if (process.connected) send?.(message, () => undefined);
}

followParent(parent);
process.on('disconnect', () => process.exit(0));
// Plug-ins get the kit of the Lakeside they run in, wherever they lie and whatever they brought along.
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === KIT
      ? { url: new URL('./kit.js', import.meta.url).href, format: 'module', shortCircuit: true }
      : next(specifier, context)
});

try {
  const plugin = pluginIn(await import(entry), { kind, id });
  const host = createHost(plugin, say);
  process.on('message', (message: ToPlugin) => host.receive(message));
  say({ type: 'loaded' });
} catch (error) {
  say({ type: 'broken', fault: faultOf(error) });
}
