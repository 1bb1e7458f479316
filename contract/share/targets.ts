import * as z from 'zod';
import type { ProblemCode } from '../problem.js';
import { defineRoute, json } from '../route.js';

/** A place a notebook can be shared to. The list is data: wikis join it by configuration. */
export const Target = z.object({
  /** The name it has in the configuration; `library` for the Library. */
  id: z.string(),
  /** Its make: `library`, `mediawiki`, `dokuwiki`. */
  kind: z.string(),
  label: z.string(),
  description: z.string(),
  /** What its operator allows; absent: anything. */
  policy: z
    .object({
      /** Ids of the spaces to which people may share; `*` stands for any characters. Absent: all. */
      spaces: z.array(z.string()).optional(),
      /** `block`: nothing is shared while the notebook holds what looks like a secret. */
      secrets: z.enum(['warn', 'block'])
    })
    .optional()
});
export type Target = z.infer<typeof Target>;

/** A space of a wiki: a namespace, a folder. */
export const TargetSpace = z.object({ id: z.string(), name: z.string() });
export type TargetSpace = z.infer<typeof TargetSpace>;

/** What a target said when it was asked just now. One that cannot be used answers with a problem instead. */
export const TargetStanding = z.object({
  /** Name and version of what runs there: `MediaWiki 1.39.17`. */
  software: z.string(),
  /** As whom Lakeside works there. */
  account: z.string(),
  /** What its account may not do and sharing needs, each as a sentence with its cure. Empty where all is well. */
  lacks: z.array(z.string()),
  /** Whether a new page's space, and the page it stands below, can be chosen. */
  spaces: z.boolean(),
  parents: z.boolean(),
  /** The space of a page for which none is chosen. Absent where the wiki does not say, or where its policy forbids it. */
  home: TargetSpace.optional(),
  /** What people call the spaces of its policy, in the same order; absent where the policy names none. */
  allowed: z.array(z.string()).optional()
});
export type TargetStanding = z.infer<typeof TargetStanding>;

/** A page below which a new one can stand. */
export const TargetPage = z.object({ id: z.string(), title: z.string(), space: z.string(), url: z.string() });
export type TargetPage = z.infer<typeof TargetPage>;

/** What a wiki may answer with, whatever it is asked. */
const targetProblems = [
  'not-found',
  'cancelled',
  'target-signin',
  'target-forbidden',
  'target-not-found',
  'target-conflict',
  'target-too-large',
  'target-busy',
  'target-failed',
  'target-unreachable'
] as const satisfies readonly ProblemCode[];

const TargetParams = z.object({
  targetId: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be the name of a target in the configuration')
});
const Words = z.string().max(200).default('');

export const targetRoutes = {
  targets: defineRoute({
    id: 'share.targets',
    method: 'GET',
    path: '/share/targets',
    summary: 'The places a notebook can be shared to.',
    response: json(z.object({ targets: z.array(Target) })),
    errors: []
  }),
  target: defineRoute({
    id: 'share.target',
    method: 'GET',
    path: '/share/targets/:targetId',
    summary: 'Whether a place can be used now, and what can be chosen in it. Asks the wiki and changes nothing.',
    params: TargetParams,
    response: json(TargetStanding),
    errors: targetProblems
  }),
  spaces: defineRoute({
    id: 'share.spaces',
    method: 'GET',
    path: '/share/targets/:targetId/spaces',
    summary: 'Spaces of a wiki in which pages can be made, best first, at most 50.',
    params: TargetParams,
    query: z.object({ query: Words }),
    response: json(z.object({ spaces: z.array(TargetSpace) })),
    errors: targetProblems
  }),
  parents: defineRoute({
    id: 'share.parents',
    method: 'GET',
    path: '/share/targets/:targetId/parents',
    summary: 'Pages of a wiki below which a new one can stand, best first, at most 50.',
    params: TargetParams,
    query: z.object({ query: Words, space: z.string().max(500).optional() }),
    response: json(z.object({ pages: z.array(TargetPage) })),
    errors: targetProblems
  })
};
