import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { Bytes } from '../../../contract/route.js';
import type { Source } from '../../../contract/share/index.js';
import type { Caller } from '../../ports.js';
import { onStorage } from '../../storage.js';
import type { NotebookFiles, Renderer } from '../ports.js';
import type { Gate } from './gate.js';
import type { Uploads } from './uploads.js';
import type { Work } from './work.js';

/** About so much of the page is rendered for a preview. Bytes. */
const PREVIEW = 1_500_000;

export interface PreviewRequest {
  path: string;
  source: Source;
  title?: string | undefined;
  hideCode: boolean;
  /** Findings of the secret gate that would stand; none where it is left out. */
  keep?: readonly string[] | undefined;
}

/** Renders the beginning of a page. Its files are removed once they were read, or nobody reads them any more. */
export function createPreviews(options: {
  files: NotebookFiles;
  renderer: Renderer;
  uploads: Uploads;
  work: Work;
  gate: Gate;
}): (caller: Caller, request: PreviewRequest, signal: AbortSignal) => Promise<Bytes> {
  const { files, renderer, uploads, work, gate } = options;

  return async (caller, request, signal) => {
    const { folder, remove } = await work.temporary();
    try {
      return await onStorage(folder, async () => {
        const file = join(folder, 'source.ipynb');
        if (request.source.kind === 'upload') await uploads.keep(caller, request.source.uploadId, file);
        else await files.copy(await files.locate(request.path), file, { durable: false });
        const shown = await gate.shown(file, folder, request.keep ?? [], signal);
        const { folder: workDirectory, remove: removeWork } = await work.temporary();
        const removeAll = async (): Promise<void> => {
          await Promise.all([remove(), removeWork()]);
        };
        try {
          const page = await renderer.document(
            { kind: 'ipynb', file: shown },
            {
              hideCode: request.hideCode,
              maxBytes: PREVIEW,
              ...(request.title !== undefined && { title: request.title })
            },
            { workDirectory, signal }
          );
          // Whoever asked may be gone before the first byte.
          signal.addEventListener('abort', () => void removeAll(), { once: true });
          return { contentType: 'text/html; charset=utf-8', size: page.size, stream: readOnce(page.file, removeAll) };
        } catch (error) {
          await removeAll();
          throw error;
        }
      });
    } catch (error) {
      await remove();
      throw error;
    }
  };
}

/** The bytes of a file, once. */
async function* readOnce(file: string, ended: () => Promise<void>): AsyncIterable<Uint8Array> {
  try {
    yield* createReadStream(file) as AsyncIterable<Buffer>;
  } finally {
    await ended();
  }
}
