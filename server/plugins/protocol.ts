import * as z from 'zod';
import { FieldError } from '../../contract/problem.js';

/** What the process of an outside plug-in and Lakeside say to each other. Only what JSON can hold travels. */

/** What the process is started with, as JSON in its first argument. */
export interface PluginStart {
  /** Address of the module of the plug-in, and what its package.json says of it. */
  entry: string;
  kind: string;
  id: string;
  /** The process with which it ends. */
  parent: number;
}

/** A target to be made: its settings as the configuration has them, and what the plug-in may know of Lakeside. */
export interface PluginTarget {
  id: string;
  settings: Readonly<Record<string, unknown>>;
  label: string;
  /** Where its settings stand, for sentences. */
  where: string;
  cacheDirectory: string;
}

/** What Lakeside asks for. `open` makes a target, `findings` lets the plug-in check it, `use` calls a method of it. */
export type PluginCall =
  | { op: 'ping' }
  | { op: 'open'; target: PluginTarget }
  | { op: 'findings'; target: string }
  | { op: 'use'; target: string; method: string; args: readonly unknown[] }
  | { op: 'close'; target: string };

export type ToPlugin =
  | { type: 'call'; id: number; call: PluginCall }
  | { type: 'abort'; id: number }
  | { type: 'secret'; id: number; value?: string; problem?: string };

/** What went wrong in a plug-in. Nothing of it is trusted: it comes from foreign code. */
export const PluginFault = z.object({
  message: z.string(),
  /** Those of a ProblemError. */
  code: z.string().optional(),
  errors: z.array(FieldError).max(100).optional(),
  retryAfter: z.number().min(0).max(86_400).optional()
});
export type PluginFault = z.infer<typeof PluginFault>;

/** What a plug-in's process says. A plug-in could send what it likes, so all of it is checked. */
export const FromPlugin = z.discriminatedUnion('type', [
  z.object({ type: z.literal('loaded') }),
  z.object({ type: z.literal('broken'), fault: PluginFault }),
  z.object({ type: z.literal('done'), id: z.number(), value: z.unknown().optional() }),
  z.object({ type: z.literal('failed'), id: z.number(), fault: PluginFault }),
  z.object({ type: z.literal('secret'), id: z.number(), target: z.string(), reference: z.unknown().optional() }),
  z.object({
    type: z.literal('log'),
    level: z.enum(['debug', 'info', 'warn', 'error']),
    message: z.string(),
    fields: z.record(z.string(), z.unknown())
  })
]);
export type FromPlugin = z.infer<typeof FromPlugin>;

/** Largest answer of a plug-in, in characters of JSON. */
export const MAX_ANSWER = 64 * 1024 * 1024;

/** The methods of a wiki target, in the words of the port; each takes a `WikiCall` last. */
export const wikiMethods = [
  'check',
  'spaces',
  'parents',
  'find',
  'read',
  'create',
  'missing',
  'upload',
  'write',
  'close'
] as const;
export type WikiMethod = (typeof wikiMethods)[number];
