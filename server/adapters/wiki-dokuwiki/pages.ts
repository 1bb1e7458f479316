import { createHash } from 'node:crypto';
import * as z from 'zod';
import { ProblemError } from '../../../contract/problem.js';
import type { WikiCall, WikiPage } from '../../share/wiki/ports.js';
import { DokuWikiRefusal } from './answers.js';
import { namespaceOfPage, pageTitle, pageUrl, spaceOf } from './names.js';
import type { DokuWikiSession } from './session.js';
import { Level } from './site.js';

const Info = z.object({ name: z.string(), author: z.string().nullish(), version: z.number() });
const Locks = z.object({ lockfail: z.array(z.string()) });

export interface Pages {
  /** A page as it is now, whatever its name is written like; undefined where there is none. */
  read: (id: string, call?: WikiCall) => Promise<WikiPage | undefined>;
  /**
   * Writes the whole text of a page while nobody else can open it in the editor.
   *
   * @param check - is given the page as it is now, and throws where it must not be written over
   */
  write(
    id: string,
    change: { body: string; summary: string; check: (now: WikiPage | undefined) => void },
    call: WikiCall
  ): Promise<WikiPage>;
}

/** The pages of a DokuWiki. Its API writes over whatever is there: the order of the calls here is what protects it. */
export function createPages({ session, base, label }: { session: DokuWikiSession; base: URL; label: string }): Pages {
  /** Writes of this process to a page, one after the other: locks do not keep an account from itself. */
  const turns = new Map<string, Promise<unknown>>();

  async function read(id: string, call?: WikiCall): Promise<WikiPage | undefined> {
    const info = await session.ask(Info, ['wiki.getPageInfo', id], call).catch((error: unknown) => absent(error));
    if (!info) return undefined;
    const body = await session.ask(z.string(), ['wiki.getPage', info.name], call);
    // No page is empty: it was deleted meanwhile.
    return body === '' ? undefined : toPage(base, info, body);
  }

  async function locked(id: string, call: WikiCall): Promise<void> {
    const { lockfail } = await session.ask(Locks, ['dokuwiki.setLocks', { lock: [id], unlock: [] }], call);
    if (lockfail.length === 0) return;
    const level = await session.ask(z.number(), ['wiki.aclCheck', id], call);
    throw level < Level.edit
      ? new ProblemError(
          'target-forbidden',
          `Lakeside's account may not write the page ${id} in ${label}. Ask an administrator of the wiki for the levels "Edit" and "Create" there, or choose another place.`
        )
      : new ProblemError(
          'target-busy',
          `Somebody has the page ${id} in ${label} open in the editor. Share again when they have saved or left it; a forgotten editor lets go of the page after 15 minutes.`
        );
  }

  async function unlock(id: string): Promise<void> {
    await session.ask(z.unknown(), ['dokuwiki.setLocks', { lock: [], unlock: [id] }]);
  }

  async function put(id: string, text: string, summary: string, call: WikiCall): Promise<WikiPage> {
    const held = async (): Promise<WikiPage | undefined> => {
      const page = await read(id);
      return page?.body === text ? page : undefined;
    };
    try {
      await session.change(z.literal(true), ['wiki.putPage', id, text, { sum: summary, minor: false }], call);
    } catch (error) {
      if (error instanceof DokuWikiRefusal && error.number === undefined) throw refused(id);
      const { code } = error as Partial<ProblemError>;
      const unsure = code === 'target-unreachable' || code === 'target-failed';
      const page = unsure ? await held().catch(() => undefined) : undefined;
      if (page) return page;
      throw error;
    }
    const page = await held();
    if (page) return page;
    throw new ProblemError(
      'target-conflict',
      `Somebody wrote the page ${id} in ${label} in the same moment. Look at the change, then share again.`
    );
  }

  function refused(id: string): ProblemError {
    return new ProblemError(
      'target-forbidden',
      `${label} did not take the page ${id}, without saying why: most likely a word of it is on the wiki's list of blocked words, or somebody opened it in the editor this very moment. Share again; if it stays, ask an administrator of the wiki.`
    );
  }

  async function inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
    const mine = (turns.get(id) ?? Promise.resolve()).then(work, work);
    const done = mine.catch(() => undefined);
    turns.set(id, done);
    try {
      return await mine;
    } finally {
      if (turns.get(id) === done) turns.delete(id);
    }
  }

  return {
    read,
    write: (id, { body, summary, check }, call) =>
      inTurn(id, async () => {
        const text = body.replace(/\r\n?/g, '\n');
        try {
          await locked(id, call);
          check(await read(id, call));
          return await put(id, text, summary, call);
        } catch (error) {
          await unlock(id).catch(() => undefined);
          throw error;
        }
      })
  };
}

/** Undefined where a refusal means that there is no such page. */
function absent(error: unknown): undefined {
  if (error instanceof DokuWikiRefusal && error.mayBeAbsent) return undefined;
  throw error;
}

function toPage(base: URL, { name, author, version }: z.infer<typeof Info>, body: string): WikiPage {
  // DokuWiki counts versions in seconds: the text tells apart those of one second.
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 16);
  return {
    id: name,
    title: pageTitle(name, body),
    space: spaceOf(namespaceOfPage(name)),
    url: pageUrl(base, name),
    version: `${version}-${hash}`,
    body,
    editedAt: new Date(version * 1000).toISOString(),
    ...(typeof author === 'string' && author !== '' && { editor: author })
  };
}
