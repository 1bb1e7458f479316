import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { ProblemError } from '../../../contract/problem.js';
import type { WikiAttachment, WikiCall } from '../../share/wiki/ports.js';
import { DokuWikiRefusal } from './answers.js';
import type { DokuWikiSession } from './session.js';
import { Level, levelAt } from './site.js';

const Files = z.array(z.object({ id: z.string(), hash: z.string() }));

/** How many names one question may hold: they go into one pattern. */
const BATCH = 100;

export interface Media {
  missing(attachments: readonly WikiAttachment[], call?: WikiCall): Promise<WikiAttachment[]>;
  upload(attachment: WikiAttachment, call?: WikiCall): Promise<void>;
}

/** The files of one namespace of a DokuWiki, named by their content. */
export function createMedia(options: { session: DokuWikiSession; namespace: string; label: string }): Media {
  const { session, namespace, label } = options;
  const idOf = ({ name }: WikiAttachment): string => (namespace === '' ? name : `${namespace}:${name}`);

  async function missing(attachments: readonly WikiAttachment[], call?: WikiCall): Promise<WikiAttachment[]> {
    const held = new Map<string, string>();
    for (let at = 0; at < attachments.length; at += BATCH) {
      const ids = attachments.slice(at, at + BATCH).map(each => idOf(each).replace(/[^\p{L}\p{N}_:-]/gu, '\\$&'));
      // A hash is made of each file that fits the pattern and of no other.
      const which = { depth: 1, hash: true, pattern: `/^(?:${ids.join('|')})$/u` };
      for (const { id, hash } of await session.ask(Files, ['wiki.getAttachments', namespace, which], call))
        held.set(id, hash);
    }
    const isMissing = await Promise.all(
      attachments.map(async each => held.get(idOf(each)) !== (held.has(idOf(each)) ? await md5Of(each) : ''))
    );
    return attachments.filter((_, at) => isMissing[at]);
  }

  return {
    missing,
    async upload(attachment, call) {
      const bytes = await readFile(attachment.file);
      const id = idOf(attachment);
      try {
        await session.ask(z.string(), ['wiki.putAttachment', id, bytes, { ow: true }], call);
      } catch (error) {
        if (!(error instanceof DokuWikiRefusal)) throw error;
        // The same bytes are there: without old versions of files, whoever may not delete may not replace either.
        if ((await missing([attachment], call)).length === 0) return;
        throw error.number === undefined ? await reason(attachment, call) : error;
      }
    }
  };

  async function reason({ name }: WikiAttachment, call?: WikiCall): Promise<ProblemError> {
    const mayUpload = (await levelAt(session, namespace, call)) >= Level.upload;
    return new ProblemError(
      'target-forbidden',
      mayUpload
        ? `${label} did not take the figure ${name}, without saying why: files of this kind may be missing in its mime.conf, or its check of contents found something in it. Ask an administrator of the wiki.`
        : `Lakeside's account may not store figures in the namespace ${namespace} of ${label}. Ask an administrator of the wiki for the level "Upload" there.`
    );
  }
}

async function md5Of({ file }: WikiAttachment): Promise<string> {
  return createHash('md5')
    .update(await readFile(file))
    .digest('hex');
}
