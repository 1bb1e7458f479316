import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemError } from '../../../contract/problem.js';
import type { Secret } from '../../configuration/secret.js';
import type { Clock, Log } from '../../ports.js';
import type { WikiTarget } from '../../share/wiki/ports.js';
import type { Plugin, PluginSurroundings } from '../plugin.js';
import {
  MAX_ANSWER,
  wikiMethods,
  type FromPlugin,
  type PluginCall,
  type PluginTarget,
  type ToPlugin,
  type WikiMethod
} from '../protocol.js';
import { faultOf } from './faults.js';
import { checkSettings } from './settings.js';
import { targetIn } from './shape.js';

interface Open {
  settings: unknown;
  around: PluginSurroundings;
  target: WikiTarget;
}

/** Does what Lakeside asks of a plug-in. */
export interface Host {
  receive(message: ToPlugin): void;
}

/** @param say - sends a message to Lakeside */
export function createHost(plugin: Plugin<'wiki-target'>, say: (message: FromPlugin) => void): Host {
  const open = new Map<string, Open>();
  const underWay = new Map<number, AbortController>();
  const secrets = new Map<number, (answer: Extract<ToPlugin, { type: 'secret' }>) => void>();
  let questions = 0;

  function surroundings({ id, label, where, cacheDirectory }: PluginTarget): PluginSurroundings {
    return {
      log: logTo(say),
      clock,
      readSecret: reference => readSecret(id, reference),
      cacheDirectory,
      label,
      settings: where
    };
  }

  /** Lakeside reads secrets, so that it knows them and keeps them out of everything that leaves it. */
  function readSecret(target: string, reference: Secret): Promise<string> {
    const id = ++questions;
    return new Promise((resolve, reject) => {
      secrets.set(id, ({ value, problem }) => {
        secrets.delete(id);
        if (value !== undefined) resolve(value);
        else reject(new ProblemError('invalid', problem ?? 'The secret cannot be read.'));
      });
      say({ type: 'secret', id, target, reference });
    });
  }

  function mustBeOpen(id: string): Open {
    const found = open.get(id);
    if (found) return found;
    throw new Error('the target is not open');
  }

  async function perform(call: PluginCall, signal: AbortSignal): Promise<unknown> {
    switch (call.op) {
      case 'ping':
        return undefined;
      case 'open': {
        const around = surroundings(call.target);
        const settings = await checkSettings(plugin, call.target.settings, call.target.where);
        open.set(call.target.id, { settings, around, target: targetIn(await plugin.create(settings, around)) });
        return undefined;
      }
      case 'findings': {
        const { settings, around } = mustBeOpen(call.target);
        return plugin.check?.(settings, around);
      }
      case 'close': {
        const { target } = mustBeOpen(call.target);
        open.delete(call.target);
        return target.close();
      }
      case 'use': {
        const { target } = mustBeOpen(call.target);
        const method = wikiMethods.find(name => name === call.method);
        if (method === undefined) throw new Error(`there is no method ${call.method}`);
        const methods = target as unknown as Record<WikiMethod, (...args: readonly unknown[]) => unknown>;
        return methods[method](...call.args, { signal });
      }
    }
  }

  async function answer(id: number, call: PluginCall): Promise<void> {
    const controller = new AbortController();
    underWay.set(id, controller);
    try {
      say({ type: 'done', id, value: sendable(await perform(call, controller.signal)) });
    } catch (error) {
      say({ type: 'failed', id, fault: faultOf(error) });
    } finally {
      underWay.delete(id);
    }
  }

  return {
    receive(message) {
      if (message.type === 'call') void answer(message.id, message.call);
      else if (message.type === 'abort') underWay.get(message.id)?.abort();
      else secrets.get(message.id)?.(message);
    }
  };
}

/** An answer as data. @throws Error where it is none: a circle, a BigInt, too much of it */
function sendable(value: unknown): unknown {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) return undefined;
  if (text.length > MAX_ANSWER) throw new Error(`its answer has ${text.length} characters, more than ${MAX_ANSWER}`);
  return JSON.parse(text) as unknown;
}

const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (milliseconds, signal) => sleep(milliseconds, undefined, { signal })
};

/** The log of a plug-in is Lakeside's. */
function logTo(say: (message: FromPlugin) => void): Log {
  const at =
    (level: Extract<FromPlugin, { type: 'log' }>['level']): Log['info'] =>
    (fields, message) => {
      try {
        const text = JSON.stringify(fields);
        const data = text.length > 10_000 ? {} : (JSON.parse(text) as Record<string, unknown>);
        say({ type: 'log', level, message: message.slice(0, 4_000), fields: data });
      } catch {
        say({ type: 'log', level, message: 'a line of the log that cannot be written', fields: {} });
      }
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
