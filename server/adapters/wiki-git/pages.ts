import { ProblemError } from '../../../contract/problem.js';
import type { WikiPage, WikiPageRef } from '../../share/wiki/ports.js';
import type { WikiCopy } from './copy.js';
import type { Forge } from './forges/forge.js';
import { folderOf } from './forges/names.js';
import { GitFailure, type Git } from './git.js';
import type { WikiState } from './state.js';

/** The id of the folder at the root, where pages lie in folders. */
export const ROOT = '/';

export interface PagesOptions {
  git: Git;
  copy: WikiCopy;
  forge: Forge;
  /** Where pages are read. */
  address: string;
  label: string;
}

/** Reads pages of a state of the wiki. */
export class Pages {
  constructor(private readonly options: PagesOptions) {}

  /** The texts of some pages, in their order. @throws ProblemError where one is not UTF-8 */
  async texts(state: WikiState, paths: readonly string[]): Promise<string[]> {
    if (paths.length === 0) return [];
    const { git, copy, label } = this.options;
    const input = paths.map(path => `${state.entries.get(path)?.oid ?? ''}\n`).join('');
    const { out } = await git.run(['cat-file', '--batch'], { ...copy.here, input });
    let at = 0;
    return paths.map(path => {
      const end = out.indexOf('\n', at);
      const head = out.toString('latin1', at, end);
      const size = Number(/ blob (\d+)$/.exec(head)?.[1]);
      if (Number.isNaN(size)) throw new GitFailure(false, 'exit', head);
      const bytes = out.subarray(end + 1, end + 1 + size);
      at = end + 1 + size + 1;
      try {
        return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
      } catch (error) {
        throw new ProblemError(
          'target-failed',
          `The page "${path}" of ${label} is not written in UTF-8, so that its text could be harmed. Save it as UTF-8 there.`,
          { cause: error }
        );
      }
    });
  }

  /** A page with its text and who wrote it last. */
  async page(state: WikiState, path: string, id: string): Promise<WikiPage> {
    const [[body = ''], editor] = await Promise.all([this.texts(state, [path]), this.editor(state, path)]);
    return { ...this.ref(path, id, body), version: state.entries.get(path)?.oid ?? '', body, ...editor };
  }

  ref(path: string, id: string, body: string): WikiPageRef {
    const { forge, address } = this.options;
    const folder = folderOf(path);
    return {
      id,
      title: forge.title(path, body),
      space: forge.folders ? (folder === '' ? ROOT : folder) : '',
      url: `${address.replace(/\/+$/, '')}/${forge.address(path)}`
    };
  }

  /** Who changed a page last and when, where that is no longer ago than this copy. */
  private async editor(state: WikiState, path: string): Promise<{ editor?: string; editedAt?: string }> {
    const { git, copy } = this.options;
    const words = ['--literal-pathspecs', 'log', '-1', '--no-show-signature', '--format=%H%x00%an%x00%aI'];
    const line = await git.line([...words, state.commit ?? '', '--', path], copy.here);
    const [commit, editor, editedAt] = line.split('\0');
    if (commit === undefined || editor === undefined || editedAt === undefined) return {};
    return (await copy.edges()).has(commit) ? {} : { editor, editedAt };
  }
}
