import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startConfluenceTwin, type ConfluenceTwin } from '../../support/confluenceTwin/index.js';
import { wikiCommandLine, type WikiCommandLine } from '../../support/wikis/cli.js';

let cloud: ConfluenceTwin;
let company: ConfluenceTwin;
beforeAll(async () => {
  cloud = await startConfluenceTwin('cloud');
  company = await startConfluenceTwin('datacenter');
});
afterAll(async () => {
  await cloud.close();
  await company.close();
});

const setUp = ({ url, user, token }: Pick<ConfluenceTwin, 'url' | 'user' | 'token'>, kind: string): WikiCommandLine =>
  wikiCommandLine(
    [`kind: ${kind}`, `url: ${url}`, ...(kind === 'confluence-cloud' ? [`user: ${user}`] : []), 'space: DATA'],
    token,
    'token'
  );

it.each([
  ['confluence-cloud', () => cloud, /✓ data {2}Confluence Cloud/],
  ['confluence-datacenter', () => company, /✓ data {2}Confluence Data Center 9\.2/]
])('shares from the command line to a %s of the configuration (its twin)', async (kind, twin, standing) => {
  const { folder, lakeside } = setUp(twin(), kind);
  copyFileSync('examples/least-squares-and-the-bootstrap.ipynb', join(folder, 'a.ipynb'));
  expect(await lakeside('targets', 'list')).toMatchObject({ code: 0, out: expect.stringContaining('data  Data wiki') });
  expect(await lakeside('targets', 'test')).toMatchObject({ code: 0, out: expect.stringMatching(standing) });
  const first = await lakeside('share', 'a.ipynb', '--to', 'data', '--json');
  expect(first).toMatchObject({ code: 0 });
  const { wiki } = JSON.parse(first.out.slice(first.out.indexOf('{'))) as { wiki: { url: string } };
  expect(wiki).toMatchObject({ target: 'data', outcome: 'created', uploads: 5, edits: 2 });
  expect(wiki.url).toContain(twin().url);
  expect(await lakeside('share', 'a.ipynb', '--to', 'data')).toMatchObject({
    code: 0,
    out: expect.stringContaining('Page already up to date')
  });
});

it('names the cure for a token that is not accepted', async () => {
  const { lakeside } = setUp({ ...company, token: 'wrong' }, 'confluence-datacenter');
  expect(await lakeside('targets', 'test', 'data')).toMatchObject({
    code: 1,
    out: expect.stringContaining('new personal access token')
  });
});
