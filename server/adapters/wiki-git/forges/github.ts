import type { Forge } from './forge.js';
import { bytesOf, fitting, nameOf, projectOf, stem, tidyTitle } from './names.js';

const MAX_BYTES = 200;
/** What GitHub's names of files cannot hold, or read as something else, and characters that look the same. */
const ALIKE: Record<string, string> = {
  '-': '‐',
  '/': '∕',
  '\\': '＼',
  ':': '：',
  '*': '＊',
  '?': '？',
  '"': '＂',
  '<': '＜',
  '>': '＞',
  '|': '｜',
  '+': '＋',
  '%': '％',
  '#': '＃'
};

/** GitHub: all pages in one row, the name of the file is the title, and a hyphen in it is a blank. */
export const github: Forge = {
  label: 'GitHub',
  user: 'x-access-token',
  branch: 'master',
  attachments: 'attachments',
  folders: false,
  maxBodyBytes: 512 * 1024,
  missing:
    'GitHub makes the repository of a wiki with its first page: make that page by hand, and check the address and the rights of the token.',
  place(given) {
    const title = tidyTitle(given).replace(/[-/\\:*?"<>|+%#]/g, char => ALIKE[char] ?? ' ');
    return { path: `${fitting(title, MAX_BYTES, bytesOf).replaceAll(' ', '-')}.md`, head: '' };
  },
  title: path => nameOf(stem(path)).replaceAll('-', ' '),
  address: path => encodeURIComponent(nameOf(stem(path))),
  pages: url => `${projectOf(url)}/wiki`
};
