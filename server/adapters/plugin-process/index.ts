import * as z from 'zod';
import { ProblemError } from '../../../contract/problem.js';
import { referencesIn, Secret } from '../../configuration/secret.js';
import type { PluginPackage } from '../../plugins/manifest.js';
import type { OutsidePlugin } from '../../plugins/outside.js';
import type { PluginSurroundings } from '../../plugins/plugin.js';
import type { PluginCall, PluginTarget } from '../../plugins/protocol.js';
import type { Log } from '../../ports.js';
import type { WikiTarget } from '../../share/wiki/ports.js';
import { Findings } from './answers.js';
import { checked, guardedTarget, problemOf, type GuardOptions } from './guard.js';
import { PluginProcess, type PluginLimits } from './process.js';

export interface OutsidePluginOptions {
  /** The program that loads plug-ins. */
  program: string;
  /** All of the environment that it sees. */
  environment: Readonly<Record<string, string>>;
  log: Log;
  /** Takes secrets out of a text. */
  redact: (text: string) => string;
  limits?: Partial<PluginLimits>;
}

const usual: PluginLimits = { load: 20_000, call: 60_000, upload: 300_000, alive: 3_000, idle: 60_000 };

/** A target of the configuration that the plug-in serves. */
interface Served {
  target: PluginTarget;
  around: PluginSurroundings;
}

/**
 * A plug-in from outside as one of Lakeside's own: the same shape, and behind it a process that is started when the
 * plug-in is used, restarted where it broke off, and ended when nobody calls it.
 */
export function createOutsidePlugin(outside: PluginPackage, options: OutsidePluginOptions): OutsidePlugin {
  const limits = { ...usual, ...options.limits };
  const served = new Map<string, Served>();
  let running: PluginProcess | undefined;
  /** Which targets are made in which process. */
  const made = new WeakMap<PluginProcess, Map<string, Promise<unknown>>>();
  let targets = 0;

  const guard = (label = outside.name): GuardOptions => ({ plugin: outside.name, label, redact: options.redact });

  async function start(): Promise<PluginProcess> {
    if (running?.usable !== true) {
      running = new PluginProcess({ ...options, plugin: outside, limits, readSecret });
      made.set(running, new Map());
    }
    const current = running;
    try {
      await current.ready();
    } catch (error) {
      throw problemOf(error, 'to load', guard());
    }
    return current;
  }

  /** Hands out the secrets to which the settings of a target refer, and no others. */
  async function readSecret(id: string, reference: unknown): Promise<string> {
    const target = served.get(id);
    const secret = Secret.safeParse(reference).data;
    const isReferred = (each: Secret): boolean => JSON.stringify(each) === JSON.stringify(secret);
    if (target && secret && referencesIn(target.target.settings).some(isReferred))
      return target.around.readSecret(secret);
    throw new ProblemError('invalid', 'The settings of the target do not refer to this secret.');
  }

  /** A call to a target, which is made first where this process has not got it yet. */
  async function callTarget(
    { target, around }: Served,
    call: PluginCall,
    given: { limit: number; signal?: AbortSignal | undefined }
  ): Promise<unknown> {
    const current = await start();
    const opened = made.get(current) ?? new Map<string, Promise<unknown>>();
    const opening = opened.get(target.id) ?? current.call({ op: 'open', target }, { limit: limits.call });
    opened.set(target.id, opening);
    opening.catch(() => opened.delete(target.id));
    await opening.catch((error: unknown) => {
      throw problemOf(error, 'to start', guard(around.label));
    });
    return current.call(call, given);
  }

  function serve(settings: unknown, around: PluginSurroundings): Served {
    const { label = 'The wiki', settings: where, cacheDirectory } = around;
    const id = `${++targets}`;
    const target = { id, settings: settings as Record<string, unknown>, label, where, cacheDirectory };
    const given = { target, around };
    served.set(id, given);
    return given;
  }

  function targetOf(given: Served): WikiTarget {
    const { id } = given.target;
    const target = guardedTarget(
      (method, args, call) =>
        callTarget(
          given,
          { op: 'use', target: id, method, args },
          { limit: method === 'upload' ? limits.upload : limits.call, signal: call?.signal }
        ),
      guard(given.around.label)
    );
    return {
      ...target,
      async close() {
        served.delete(id);
        if (running?.usable !== true || made.get(running)?.delete(id) !== true) return;
        // What it does at its end harms nobody any more.
        await running.call({ op: 'close', target: id }, { limit: limits.alive }).catch(() => undefined);
      }
    };
  }

  return {
    kind: 'wiki-target',
    id: outside.id,
    config: z.looseObject({}),
    checksLater: true,
    outside,
    async load() {
      await start();
    },
    async create(settings, around) {
      const given = serve(settings, around);
      await callTarget(given, { op: 'ping' }, { limit: limits.call });
      return targetOf(given);
    },
    async check(settings, around) {
      const given = serve(settings, around);
      const target = targetOf(given);
      const what = 'in its check';
      try {
        const found = await callTarget(given, { op: 'findings', target: given.target.id }, { limit: limits.call })
          .catch((error: unknown) => {
            throw problemOf(error, what, guard(around.label));
          })
          .then(answer => checked(Findings, answer, what, guard(around.label)));
        if (found)
          return found.map(({ state, detail, cure }) => ({
            state,
            detail: options.redact(detail),
            ...(cure !== undefined && { cure: options.redact(cure) })
          }));
        const { software, account, lacks } = await target.check();
        return [
          { state: 'ok', detail: `${software}, as ${account}` },
          ...lacks.map(detail => ({ state: 'failed' as const, detail }))
        ];
      } finally {
        await target.close();
      }
    },
    async close() {
      await running?.end();
    }
  };
}
