import type { NoticeKind, Published, Run } from '../../../contract/schedule/index.js';
import type { Notice } from './ports.js';

/** Addresses for people. None where nobody said where they reach Lakeside, but for pages of wikis. */
export function linksOf(
  told: { kind: NoticeKind; run: Run; round: number; published: Published | undefined },
  publicUrl: string | undefined
): Notice['links'] {
  const { run, round, published } = told;
  const links: Notice['links'] = [];
  const page = published?.state === 'done' ? absolute(published.page, publicUrl) : undefined;
  const output = round > 0 ? absolute(`api/v1/runs/${run.id}/page`, publicUrl) : undefined;
  if (page !== undefined) links.push({ title: 'Open the page', url: page });
  if (output !== undefined) links.push({ title: 'Open the output', url: output });
  return links;
}

function absolute(path: string | undefined, base: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  if (/^https?:\/\//.test(path)) return path;
  return base === undefined ? undefined : new URL(path, base.replace(/\/*$/, '/')).href;
}
