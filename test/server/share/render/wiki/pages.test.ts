import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../../../../contract/problem.js';
import type { WikiDialect } from '../../../../../server/share/wiki/ports.js';
import { takeApart } from '../../../../../server/share/wiki/region.js';
import { fullDose } from '../../../../support/dose.js';
import { arbitraryFile } from '../../../../support/notebooks.js';
import { featuresOf } from '../../../../support/wikis/features.js';
import { MARKER, wikiPageOf } from '../../../../support/wikis/pages.js';

const dialects: WikiDialect[] = ['mediawiki', 'commonmark', 'dokuwiki', 'confluence'];

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20" fill="red"/></svg>';

function notebook(...cells: unknown[]): unknown {
  return { nbformat: 4, nbformat_minor: 5, metadata: { kernelspec: { name: 'python3', language: 'python' } }, cells };
}
const markdown = (source: string): unknown => ({ cell_type: 'markdown', metadata: {}, source });
const code = (source: string, outputs: unknown[] = [], metadata: unknown = {}): unknown => ({
  cell_type: 'code',
  metadata,
  source,
  execution_count: 1,
  outputs
});
const display = (data: Record<string, unknown>): unknown => ({ output_type: 'display_data', metadata: {}, data });

describe.each(dialects)('a page in %s', dialect => {
  const features = featuresOf(dialect);

  it('has the same bytes each time, one whole region, and pictures named by their content', async () => {
    for (const file of globSync('examples/*.ipynb')) {
      const [first, second] = [
        await wikiPageOf(readFileSync(file), { features }),
        await wikiPageOf(readFileSync(file), { features })
      ];
      expect(second.text).toBe(first.text);
      expect(takeApart(first.text, dialect, MARKER)).toMatchObject({ before: '', after: '' });
      expect(first.sha256).toBe(createHash('sha256').update(first.text).digest('hex'));
      expect(first.attachments.length).toBeGreaterThan(0);
      for (const { name, sha256, type } of first.attachments) {
        const bytes = first.files.get(name)!;
        expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
        expect(name).toBe(`nb-${sha256.slice(0, 16)}.png`);
        expect(type).toBe('image/png');
        expect(bytes.subarray(1, 4).toString()).toBe('PNG');
        expect(first.text).toContain(name);
      }
    }
  });

  it('is made of any notebook that can be read', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryFile(), async bytes => {
        try {
          const page = await wikiPageOf(bytes, { features });
          expect(takeApart(page.text, dialect, MARKER)).toMatchObject({ before: '', after: '' });
        } catch (error) {
          expect(error).toBeInstanceOf(ProblemError);
        }
      }),
      { numRuns: fullDose ? 100 : 25 }
    );
  });

  it('keeps its marks where a notebook holds the very same lines', async () => {
    const { text } = await wikiPageOf(notebook(markdown('x')), { features });
    const hostile = notebook(
      markdown(text),
      markdown(`\`\`\`\n${text}\n\`\`\``),
      code(text, [
        { output_type: 'stream', name: 'stdout', text },
        display({ 'text/html': `<pre>${text}</pre>` }),
        display({ 'text/markdown': text })
      ])
    );
    const page = await wikiPageOf(hostile, { features, title: text.slice(0, 100) });
    expect(takeApart(page.text, dialect, MARKER)).toMatchObject({ before: '', after: '' });
  });

  it('says where the whole is', async () => {
    const links = {
      version: 'https://lab.example.org/library/notebooks/1?a=1&b=2',
      copy: 'https://lab.example.org/lab?x'
    };
    const { text } = await wikiPageOf(notebook(markdown('x')), { features, links });
    expect(text).toContain('Open in the Library');
    expect(text).toContain('Open a copy in JupyterLab');
    expect(text).toMatch(/https:\/\/lab\.example\.org\/library\/notebooks\/1\?a=1(&|&amp;)b=2/);
  });

  it('ends with a sentence where the wiki takes no longer pages', async () => {
    const cells = Array.from({ length: 40 }, (_, at) => markdown(`Cell ${at}. ${'word '.repeat(200)}`));
    const page = await wikiPageOf(notebook(...cells), { features: { ...features, maxBodyBytes: 20_000 } });
    expect(page.size).toBeLessThan(18_000);
    expect(page.text.replaceAll('%%', '')).toMatch(/The page ends here[^]*\d+ more cells/);
    expect(page.notes.join()).toMatch(/takes no longer ones/);
    expect(takeApart(page.text, dialect, MARKER)).toMatchObject({ before: '', after: '' });
  });

  it('draws what the wiki does not take, and names what cannot be drawn', async () => {
    const page = await wikiPageOf(notebook(code('plot()', [display({ 'image/svg+xml': SVG })])), { features });
    expect(page.attachments.map(each => each.type)).toEqual(['image/png']);
    const png = page.files.get(page.attachments[0]!.name)!;
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([80, 40]);
    const none = await wikiPageOf(notebook(code('plot()', [display({ 'image/png': PNG })])), {
      features: { ...features, pictures: [] }
    });
    expect(none.attachments).toEqual([]);
    expect(none.text.replaceAll('%%', '')).toContain('A picture is not shown here');
    expect(none.notes).toHaveLength(1);
  });

  it('stores a picture once that stands there twice', async () => {
    const cell = code('plot()', [display({ 'image/png': PNG })]);
    const page = await wikiPageOf(notebook(cell, cell, markdown(`![again](data:image/png;base64,${PNG})`)), {
      features
    });
    expect(page.attachments).toHaveLength(1);
    expect(page.text.split(page.attachments[0]!.name)).toHaveLength(4);
  });

  it('hides code where it is asked to, and shows it where it is not', async () => {
    const cells = notebook(code('secret_sauce = 1'), code('folded_away = 1', [], { jupyter: { source_hidden: true } }));
    const [shown, hidden] = [
      await wikiPageOf(cells, { features }),
      await wikiPageOf(cells, { features, hideCode: true })
    ];
    expect(shown.text).toContain('secret_sauce');
    expect(shown.text.includes('folded_away')).toBe(features.collapsible);
    expect(hidden.text.includes('secret_sauce')).toBe(features.collapsible);
    expect(hidden.text).not.toBe(shown.text);
  });

  it('does not repeat the title, which the wiki shows itself or has as the first heading', async () => {
    const cells = notebook(markdown('# Delays\n\nText.'), markdown('# Delays'));
    const page = await wikiPageOf(cells, { features, title: 'Delays' });
    // DokuWiki shows the name of the file in the place of a title.
    expect(page.text.match(/(?<!nb-)Delays/g)).toHaveLength(features.dialect === 'dokuwiki' ? 2 : 1);
    expect((await wikiPageOf(cells, { features, title: 'Other' })).text.match(/(?<!nb-)Delays/g)).toHaveLength(2);
  });
});
