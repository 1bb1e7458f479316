import { ProblemError } from '../../../contract/problem.js';
import type { WikiPolicy, WikiTarget } from './ports.js';

/** Whether a policy lets pages lie in a space. */
export function allowsSpace({ spaces }: WikiPolicy, space: string): boolean {
  return spaces?.some(pattern => matches(pattern, space)) ?? true;
}

/** A policy in one line, for lists. */
export function policyInWords({ spaces, secrets }: WikiPolicy): string {
  const where = spaces === undefined ? 'any space' : `spaces ${spaces.join(', ')}`;
  return `${where}; ${secrets === 'block' ? 'nothing that holds a secret' : 'secrets are redacted'}`;
}

/**
 * A wiki in which Lakeside keeps to the spaces that the policy allows, whoever asks: others are not offered, nothing is
 * made in them, and a page that was moved into one is not written any more. Where nobody chose a place, the settings of
 * the target say it, and these are the operator's own.
 *
 * @throws ProblemError from its methods: `target-forbidden` naming the space and those that are allowed
 */
export function withPolicy(target: WikiTarget, policy: WikiPolicy | undefined, label: string): WikiTarget {
  if (policy?.spaces === undefined) return target;
  const allowed = policy.spaces.join(', ');

  const isAllowed = ({ space }: { space: string }): boolean => allowsSpace(policy, space);

  function refusal(what: string, cure: string): ProblemError {
    const sentence = `${what}, and the configuration of Lakeside allows only these spaces of ${label}: ${allowed}. ${cure}`;
    return new ProblemError('target-forbidden', sentence, { errors: [{ field: 'place.space', message: sentence }] });
  }

  return {
    ...delegate(target),
    async spaces(query, call) {
      return (await target.spaces(query, call)).filter(({ id }) => allowsSpace(policy, id));
    },
    async parents(query, options, call) {
      if (options.space !== undefined && !allowsSpace(policy, options.space)) return [];
      return (await target.parents(query, options, call)).filter(isAllowed);
    },
    async find(marker, hint, call) {
      const found = await target.find(marker, hint, call);
      const kept = found.filter(isAllowed);
      const [page] = found;
      if (page === undefined || kept.length > 0) return kept;
      throw refusal(
        `The page "${page.title}" lies in the space ${page.space}`,
        'Move it back, or publish as a new page.'
      );
    },
    async create(page, call) {
      const parent = page.parent === undefined ? undefined : await target.read(page.parent, call);
      for (const space of [page.space, parent?.space])
        if (space !== undefined && !isAllowed({ space }))
          throw refusal(`The page was to be made in the space ${space}`, 'Choose one of them.');
      return target.create(page, call);
    }
  };
}

/** All methods of a target; those of a class are no fields of it. */
function delegate(target: WikiTarget): WikiTarget {
  const writeWith = target.writeWith?.bind(target);
  return {
    ...(writeWith && { writeWith }),
    check: call => target.check(call),
    spaces: (query, call) => target.spaces(query, call),
    parents: (query, options, call) => target.parents(query, options, call),
    find: (marker, hint, call) => target.find(marker, hint, call),
    read: (pageId, call) => target.read(pageId, call),
    create: (page, call) => target.create(page, call),
    missing: (pageId, attachments, call) => target.missing(pageId, attachments, call),
    upload: (pageId, attachment, call) => target.upload(pageId, attachment, call),
    write: (pageId, change, call) => target.write(pageId, change, call),
    close: () => target.close()
  };
}

function matches(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map(part => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text);
}
