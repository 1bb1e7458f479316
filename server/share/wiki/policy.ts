import { ProblemError } from '../../../contract/problem.js';
import type { WikiCall, WikiPolicy, WikiSpace, WikiTarget } from './ports.js';

/** As many as a wiki names at once. */
const MOST = 50;

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
 * made in them, and a page that was moved into one is not written any more.
 *
 * @throws ProblemError from its methods: `target-forbidden` naming the space and those that are allowed
 */
export function withPolicy(target: WikiTarget, policy: WikiPolicy | undefined, label: string): WikiTarget {
  if (policy?.spaces === undefined) return target;
  const patterns = policy.spaces;
  const allowed = patterns.join(', ');

  const isAllowed = ({ space }: { space?: string | undefined }): boolean =>
    space !== undefined && allowsSpace(policy, space);

  /** Where nobody chose a place, the settings of the target say it, or the wiki: the policy holds there too. */
  async function mustAllowHome(call: WikiCall | undefined): Promise<void> {
    const { home } = await target.check(call);
    if (home === undefined) throw refusal(`Nobody chose a space, and ${label} does not say which one it takes then`);
    if (!isAllowed({ space: home.id })) throw refusal(`Without a choice the page would go to the space ${home.name}`);
  }

  function refusal(what: string, cure = 'Choose one of them.'): ProblemError {
    const sentence = `${what}, and the configuration of Lakeside allows only these spaces of ${label}: ${allowed}. ${cure}`;
    return new ProblemError('target-forbidden', sentence, { errors: [{ field: 'place.space', message: sentence }] });
  }

  /** The spaces that the policy allows, also those that the wiki names only to who asks for them. */
  async function usualSpaces(call: WikiCall | undefined): Promise<WikiSpace[]> {
    const found = new Map<string, WikiSpace>();
    const look = async (query: string): Promise<void> => {
      for (const space of await target.spaces(query, call))
        if (isAllowed({ space: space.id })) found.set(space.id, space);
    };
    await look('');
    for (const pattern of patterns.slice(0, MOST))
      if (![...found.keys()].some(id => matches(pattern, id))) await look(literalOf(pattern));
    return [...found.values()].slice(0, MOST);
  }

  return {
    ...delegate(target),
    async check(call) {
      const { home, ...standing } = await target.check(call);
      return { ...standing, ...(home && allowsSpace(policy, home.id) && { home }) };
    },
    async spaces(query, call) {
      if (query.trim() === '') return usualSpaces(call);
      return (await target.spaces(query, call)).filter(({ id }) => allowsSpace(policy, id));
    },
    async parents(query, options, call) {
      if (options.space !== undefined) return isAllowed(options) ? target.parents(query, options, call) : [];
      const found = (await target.parents(query, options, call)).filter(isAllowed);
      // Without words the wiki names pages of its usual space, and that may be none that is allowed.
      for (const { id } of found.length > 0 || query.trim() !== '' ? [] : await usualSpaces(call)) {
        if (found.length >= MOST) break;
        found.push(...(await target.parents(query, { space: id }, call)).filter(isAllowed));
      }
      return found.slice(0, MOST);
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
      if (page.space === undefined && page.parent === undefined) await mustAllowHome(call);
      const parent = page.parent === undefined ? undefined : await target.read(page.parent, call);
      for (const space of [page.space, parent?.space])
        if (space !== undefined && !isAllowed({ space }))
          throw refusal(`The page was to be made in the space ${space}`);
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

/** What of a pattern a search can look for: its longest part without a star. */
function literalOf(pattern: string): string {
  return pattern.split('*').reduce((longest, part) => (part.length > longest.length ? part : longest), '');
}

function matches(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map(part => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text);
}
