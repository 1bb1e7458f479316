import type { ForgeName } from '../settings.js';
import { gitea } from './gitea.js';
import { github } from './github.js';
import { gitlab } from './gitlab.js';

/** The ways of a make of sites: what files of the repository are pages, what they are called and where they are read. */
export interface Forge {
  /** What people call it. */
  label: string;
  /** The name that goes with a token. */
  user: string;
  /** The branch of a wiki that has no page yet. */
  branch: string;
  /** Where pictures lie, from the root of the wiki. */
  attachments: string;
  /** Whether pages lie in folders, and below other pages. */
  folders: boolean;
  maxBodyBytes: number;
  /** What to do where there is no such repository. */
  missing: string;
  /**
   * The file for what a person calls a page.
   *
   * @param folder - with slashes between its parts; empty for the root
   * @returns its path, and lines at its head that keep the title where the path cannot
   */
  place(title: string, folder: string): { path: string; head: string };
  /** What people call the page in a file. */
  title(path: string, body: string): string;
  /** The part of its address below the place of the pages. */
  address(path: string): string;
  /** Where pages are read, from the address of the clone. */
  pages(url: string): string;
}

const forges: Record<ForgeName, Forge> = {
  gitlab,
  gitea: gitea('Gitea'),
  forgejo: gitea('Forgejo'),
  github
};

/** The ways of a make of sites. */
export function forgeOf(name: ForgeName): Forge {
  return forges[name];
}
