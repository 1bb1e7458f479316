import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { DomUtils, parseDocument } from 'htmlparser2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { createIds } from '../../../server/ids.js';
import type { WikiTarget } from '../../../server/share/wiki/ports.js';
import { startConfluenceTwin, type ConfluenceTwin } from '../../support/confluenceTwin/index.js';
import { EDITIONS, targetOf } from '../../support/confluenceTwin/targets.js';
import { elementsOf, readStrictly, valueOf, wordsOf, type TwinElement } from '../../support/confluenceTwin/xml.js';
import { pageOf } from '../../support/rendering.js';
import { shareTo, withOtherFigure, type Shared } from '../../support/wikis/sharing.js';

const examples = globSync('examples/*.ipynb').sort();
const ids = createIds(systemClock);
const FIGURES = 'examples/delays-in-new-york-2013.ipynb';

/** What a reader sees of a page. */
interface Seen {
  headings: string[];
  cells: string[];
  pictures: string[];
}

const flat = (texts: Iterable<string>): string[] =>
  [...texts].map(text => text.replace(/[\s\u00a0]+/gu, ' ').trim()).filter(text => text !== '');
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The twin's page; pictures as the hashes of its attachments. */
function twinPage(twin: ConfluenceTwin, pageId: string): Seen {
  const all: TwinElement[] = [];
  const walk = (element: TwinElement): void => {
    all.push(element);
    elementsOf(element).forEach(walk);
  };
  walk(readStrictly(twin.people.body(pageId)));
  const shown = (element: TwinElement): string =>
    element.children
      .filter(child => child.kind === 'text' || child.name !== 'ac:structured-macro')
      .map(wordsOf)
      .join('');
  return {
    headings: flat(all.filter(({ name }) => /^h[1-6]$/.test(name)).map(shown)),
    cells: flat(all.filter(({ name }) => /^t[dh]$/.test(name)).map(wordsOf)),
    pictures: all
      .filter(({ name }) => name === 'ri:attachment')
      .map(element => sha256(twin.people.file(pageId, valueOf(element, 'ri:filename') ?? '') ?? new Uint8Array()))
  };
}

/** The same of the Library's page, which another emitter wrote. */
function libraryPage(html: string): Seen & { drawings: number } {
  const { children } = parseDocument(html);
  const all = (names: RegExp) => DomUtils.getElementsByTagName(name => names.test(name), children, true);
  const texts = (names: RegExp) => flat(all(names).map(element => DomUtils.textContent(element)));
  const sources = all(/^img$/).map(image => image.attribs['src'] ?? '');
  const raster = sources.filter(source => !source.startsWith('data:image/svg'));
  return {
    headings: texts(/^h[1-6]$/),
    cells: texts(/^t[dh]$/),
    pictures: raster.map(source => sha256(Buffer.from(source.slice(source.indexOf(',') + 1), 'base64'))),
    drawings: sources.length - raster.length
  };
}

describe.each(EDITIONS)('%s', edition => {
  let twin: ConfluenceTwin;
  let target: WikiTarget;
  beforeAll(async () => {
    twin = await startConfluenceTwin(edition);
    target = targetOf(twin);
  });
  afterAll(() => twin.close());

  describe.each(examples)('%s', file => {
    const shared: Shared = { marker: ids.next(), title: `Example ${basename(file, '.ipynb')}`, record: undefined };

    it('has the headings, cells and pictures of the notebook', async () => {
      const notebook = readFileSync(file);
      const { outcome, rendering, text } = await shareTo(target, notebook, shared);
      expect(outcome).toBe('created');
      expect(rendering.notes).toEqual([]);
      const wanted = libraryPage((await pageOf(notebook)).html);
      const seen = twinPage(twin, shared.record!.pageId);
      expect(seen.headings).toEqual(wanted.headings);
      expect(seen.headings.length).toBeGreaterThan(2);
      expect(seen.cells).toEqual(wanted.cells);
      expect(seen.pictures.filter(each => wanted.pictures.includes(each))).toEqual(wanted.pictures);
      expect(seen.pictures).toHaveLength(wanted.pictures.length + wanted.drawings);
      // What Confluence wrote in its own words is, read back, what Lakeside had written.
      expect(shared.record!.region).toBe(text);
    });

    it('is written to no more when it is shared again unchanged, even after somebody opened and saved it', async () => {
      const before = structuredClone(twin.store.counts);
      const { outcome, uploads, edits } = await shareTo(target, readFileSync(file), shared);
      expect({ outcome, uploads, edits }).toEqual({ outcome: 'unchanged', uploads: 0, edits: 0 });
      twin.people.edit(shared.record!.pageId, body => `<p>See you there.</p>${body}`, { byEditor: true });
      expect((await shareTo(target, readFileSync(file), shared)).outcome).toBe('unchanged');
      expect(twin.store.counts).toEqual(before);
    });
  });

  it('gets one upload and one edit for one changed figure', async () => {
    const { before, after } = withOtherFigure(FIGURES);
    const shared: Shared = { marker: ids.next(), title: 'One figure', record: undefined };
    await shareTo(target, before, shared);
    const counts = structuredClone(twin.store.counts);
    expect(await shareTo(target, after, shared)).toMatchObject({ outcome: 'updated', uploads: 1, edits: 1 });
    expect(twin.store.counts).toEqual({ ...counts, edits: counts.edits + 1, uploads: counts.uploads + 1 });
  });

  it('keeps what a person wrote into the part of Lakeside, merged with the next change', async () => {
    const shared: Shared = { marker: ids.next(), title: 'Merged', record: undefined };
    const { before, after } = withOtherFigure(FIGURES);
    await shareTo(target, before, shared);
    const { pageId } = shared.record!;
    const note = '<p>Checked by Ada.</p>';
    twin.people.edit(pageId, body => body.replace('</h2>', `</h2>${note}`), { byEditor: true });
    await expect(shareTo(target, after, shared)).rejects.toMatchObject({
      code: 'target-conflict',
      change: { mergeable: true }
    });
    expect((await shareTo(target, after, shared, { answer: 'merge' })).outcome).toBe('updated');
    expect(twin.people.body(pageId)).toContain('Checked by Ada.');
    const picture = twinPage(twin, pageId).pictures.length;
    expect(picture).toBeGreaterThan(3);
  });
});
