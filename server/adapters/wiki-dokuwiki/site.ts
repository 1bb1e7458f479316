import * as z from 'zod';
import { ProblemError } from '../../../contract/problem.js';
import type { WikiCall, WikiFeatures, WikiStanding } from '../../share/wiki/ports.js';
import { DokuWikiRefusal } from './answers.js';
import { spaceOf } from './names.js';
import type { DokuWikiSession } from './session.js';

/** DokuWiki's levels of rights. Each holds those before it. */
export const Level = { none: 0, read: 1, edit: 2, create: 4, upload: 8 } as const;

/** A page must be read by PHP, parsed and shown within the memory that a usual server gives it. */
const MAX_BODY_BYTES = 1024 * 1024;
/** A call of 8 MiB is the most that PHP takes by default, and base64 makes four bytes of three. */
const MAX_ATTACHMENT_BYTES = 5 * 1024 * 1024;
const OLDEST = '2022-07-31';

export interface Account {
  session: DokuWikiSession;
  user: string;
  label: string;
  /** Namespaces in which pages and figures go. */
  space: string;
  figures: string;
}

/** What the account may do at a page or a namespace, as a level. */
export function levelAt(session: DokuWikiSession, namespace: string, call?: WikiCall): Promise<number> {
  const page = namespace === '' ? 'lakeside-looks' : `${namespace}:lakeside-looks`;
  return session.ask(z.number(), ['wiki.aclCheck', page], call);
}

/** Signs in and looks around. Writes nothing. */
export async function lookAround(
  { session, user, label, space, figures }: Account,
  call?: WikiCall
): Promise<WikiStanding> {
  const version = await versionOf(session, user, label, call);
  const [pages, files] = [await levelAt(session, space, call), await levelAt(session, figures, call)];
  const lacks = (level: number, needed: number, namespace: string, what: string, right: string): string[] =>
    level >= needed
      ? []
      : [
          `The account ${user} may not ${what} in the namespace ${spaceOf(namespace)}. Give it the level "${right}" there, in the wiki's Access Control List Manager.`
        ];
  return {
    features: featuresOf(figures),
    account: user,
    software: `DokuWiki ${version}`,
    lacks: [
      ...(/^\d{4}-\d{2}-\d{2}/.test(version) && version < OLDEST
        ? [`This is DokuWiki ${version}. Lakeside needs the release of ${OLDEST} or a newer one: update the wiki.`]
        : []),
      ...lacks(pages, Level.create, space, 'make pages', 'Create'),
      ...lacks(files, Level.upload, figures, 'store figures', 'Upload')
    ]
  };
}

function featuresOf(figures: string): WikiFeatures {
  return {
    dialect: 'dokuwiki',
    // Plug-ins can set formulas, and no call tells whether one is there.
    maths: 'source',
    collapsible: false,
    highlights: true,
    // What every DokuWiki takes and shows; more would need its file mime.local.conf.
    pictures: ['image/png', 'image/jpeg', 'image/gif'],
    attachments: 'wiki',
    attachmentsAt: figures === '' ? ':' : `:${figures}:`,
    spaces: true,
    parents: false,
    tags: false,
    compareAndSet: 'checked',
    maxBodyBytes: MAX_BODY_BYTES,
    maxAttachmentBytes: MAX_ATTACHMENT_BYTES
  };
}

/** The first call that not everybody may make: whoever is signed in and refused here may not use the remote API at all. */
async function versionOf(session: DokuWikiSession, user: string, label: string, call?: WikiCall): Promise<string> {
  try {
    const version = await session.ask(z.string(), ['dokuwiki.getVersion'], call);
    return version.replace(/^Release\s+/, '');
  } catch (error) {
    if (error instanceof DokuWikiRefusal || !(error instanceof ProblemError) || error.code !== 'target-forbidden')
      throw error;
    throw new ProblemError(
      'target-forbidden',
      `${label} does not let the account ${user} use its remote API. Add it, or a group of it, to the setting "remoteuser" in the wiki's Configuration Manager.`,
      { cause: error }
    );
  }
}
