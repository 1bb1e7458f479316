import { parse } from 'yaml';
import * as z from 'zod';
import type { Forge } from './forge.js';
import { bytesOf, fitting, nameOf, projectOf, stem, tidyTitle } from './names.js';

const MAX_BYTES = 200;
const FRONT = /^---[ \t]*\r?\n((?:[\s\S]{0,10000}?\n)??)---[ \t]*(?:\r?\n|$)/;
const Front = z.object({ title: z.string().min(1) });

/** GitLab: pages in folders; a hyphen in a file's name is a blank, and titles that no name can hold stand in its front matter. */
export const gitlab: Forge = {
  label: 'GitLab',
  user: 'oauth2',
  branch: 'main',
  // Addresses that begin like this are read from the root of the wiki, in whatever folder the page lies.
  attachments: 'uploads/lakeside',
  folders: true,
  maxBodyBytes: 5 * 1024 * 1024,
  missing:
    'Check the address in the configuration, that the project has its wiki switched on, and that the token may see the project.',
  place(given, folder) {
    const title = tidyTitle(given);
    const slug =
      fitting(title.replace(/[^\p{L}\p{M}\p{N}_.]+/gu, '-'), MAX_BYTES, bytesOf).replace(/^[-._]+|[-.]+$/g, '') ||
      'notebook';
    const name = folder === '' && slug.toLowerCase() === 'home' ? `${slug}-notebook` : slug;
    return {
      path: `${folder === '' ? '' : `${folder}/`}${name}.md`,
      head: asTitle(name) === title ? '' : `---\ntitle: ${JSON.stringify(title)}\n---\n\n`
    };
  },
  title: (path, body) => titleIn(body) ?? asTitle(nameOf(stem(path))),
  address: path => stem(path).split('/').map(encodeURIComponent).join('/'),
  pages: url => `${projectOf(url)}/-/wikis`
};

function asTitle(name: string): string {
  return name.replace(/-+/g, ' ');
}

/** The title in the front matter of a page. */
function titleIn(body: string): string | undefined {
  const front = FRONT.exec(body)?.[1];
  if (front === undefined) return undefined;
  try {
    return Front.safeParse(parse(front, { maxAliasCount: 10 })).data?.title;
  } catch {
    return undefined;
  }
}
