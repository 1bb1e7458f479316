import { readFileSync } from 'node:fs';
import type { WikiRendering, WikiTarget } from '../../../server/share/wiki/ports.js';
import {
  publishToWiki,
  type WikiAnswer,
  type WikiOutcome,
  type WikiRecord
} from '../../../server/share/wiki/publish.js';
import { localRenderer, withNotebook } from '../rendering.js';

/** What is known of a page between two shares of a notebook. */
export interface Shared {
  marker: string;
  title: string;
  record: WikiRecord | undefined;
}

/** Shares a notebook to a wiki as the share job does: renders, then publishes. */
export async function shareTo(
  target: WikiTarget,
  notebook: unknown,
  shared: Shared,
  { tags = [], answer }: { tags?: string[]; answer?: WikiAnswer } = {}
): Promise<WikiOutcome & { rendering: WikiRendering; text: string }> {
  const { features } = await target.check();
  return withNotebook(notebook, async (source, workDirectory) => {
    const { marker, title } = shared;
    const links = { version: 'https://lakeside.example.org/library/notebooks/1' };
    const rendering = await localRenderer().wiki(
      source,
      { features, marker, title, hideCode: false, tags, links },
      { workDirectory }
    );
    const text = readFileSync(rendering.file, 'utf8');
    const outcome = await publishToWiki({
      target,
      dialect: features.dialect,
      marker,
      place: { title },
      region: text,
      renderedHash: rendering.sha256,
      attachments: rendering.attachments,
      record: shared.record,
      answer,
      save: record => {
        shared.record = record;
      },
      failPoint: () => undefined
    });
    return { ...outcome, rendering, text };
  });
}

interface Notebook {
  cells: { outputs?: { data?: Record<string, string | string[]> }[] }[];
}

/** A notebook with one figure that has other bytes and looks the same. */
export function withOtherFigure(file: string): { before: unknown; after: unknown } {
  const before = JSON.parse(readFileSync(file, 'utf8')) as Notebook;
  const after = structuredClone(before);
  const data = after.cells.flatMap(cell => cell.outputs ?? []).find(output => output.data?.['image/png'])!.data!;
  // Bytes after the end of a PNG change its hash and nothing that is seen.
  const bytes = Buffer.from([data['image/png'] ?? ''].flat().join(''), 'base64');
  data['image/png'] = Buffer.concat([bytes, Buffer.from('changed')]).toString('base64');
  return { before, after };
}
