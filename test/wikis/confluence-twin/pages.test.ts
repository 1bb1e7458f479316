import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../../contract/problem.js';
import { canonicalStorage } from '../../../server/share/wiki/storage/canonical.js';
import { settled } from '../../../server/share/wiki/storage/settle.js';
import { createCloudApi } from '../../../server/adapters/wiki-confluence/cloud.js';
import { createDataCenterApi } from '../../../server/adapters/wiki-confluence/datacenter.js';
import type { WikiFeatures } from '../../../server/share/wiki/ports.js';
import { takeApart } from '../../../server/share/wiki/region.js';
import { judge, type Edition } from '../../support/confluenceTwin/rules.js';
import { EDITIONS } from '../../support/confluenceTwin/targets.js';
import { handsOf, written } from '../../support/confluenceTwin/writing.js';
import { readStrictly } from '../../support/confluenceTwin/xml.js';
import { dose } from '../../support/dose.js';
import { arbitraryFile } from '../../support/notebooks.js';
import { MARKER, wikiPageOf } from '../../support/wikis/pages.js';

const NOTEBOOKS = 300;

/** What the adapter of an edition says the wiki can do. */
function featuresOf(edition: Edition): WikiFeatures {
  const none = undefined as never;
  const options = { site: '', maxPageBytes: undefined };
  return (edition === 'cloud' ? createCloudApi(none, options) : createDataCenterApi(none, options)).features;
}

/** A page as the twin stores it. @throws NotStorage where it would refuse it */
function stored(storage: string, edition: Edition, byEditor: boolean): string {
  const page = readStrictly(storage);
  judge(page, edition);
  return written(page, handsOf(edition, byEditor));
}

describe.each(EDITIONS)('%s', (edition, name) => {
  it(`takes every page of ${NOTEBOOKS} generated notebooks, and Lakeside knows it again whoever saved it`, async () => {
    const { runs, seed } = dose(`${name}: notebooks`, { ci: NOTEBOOKS, full: NOTEBOOKS });
    const features = featuresOf(edition);
    let pages = 0;
    for (const bytes of fc.sample(arbitraryFile(), { numRuns: runs * 20, seed })) {
      if (pages === runs) break;
      const page = await wikiPageOf(bytes, { features, hideCode: pages % 3 === 0 }).catch((error: unknown) => error);
      if (page instanceof ProblemError) continue; // No notebook that can be read.
      const { text } = page as { text: string };
      for (const byEditor of [false, true]) {
        const around = `<p>Before, by Ada.</p>${text}<p>After.</p>`;
        const first = stored(around, edition, byEditor);
        const known = settled(first);
        expect(takeApart(known, 'confluence', MARKER)).toMatchObject({ region: text });
        // What goes back is what was there, and the twin takes it once more.
        const second = settled(stored(known, edition, byEditor));
        expect(takeApart(second, 'confluence', MARKER)).toMatchObject({ region: text });
      }
      expect(canonicalStorage(text, MARKER)).toBe(text);
      pages++;
    }
    expect(pages).toBe(runs);
  });
});
