import { ProblemError } from '../../../contract/problem.js';
import type { Figure } from '../../../contract/share/index.js';
import type { Bytes } from '../../../contract/route.js';
import type { Caller } from '../../ports.js';
import type { Archive, CatalogueEntry, VersionManifest } from '../archive/types.js';
import { readLazily } from './cache.js';
import type { Documents, Made, Side } from './documents.js';
import { fileNameOf } from './fileName.js';
import { lostVersion, refuseDeleted } from './refusals.js';
import type { LibraryService, VersionAddress } from './service.js';

/** Which versions to compare; without `to` the newest, without `from` the one before `to`. */
export interface DiffRange {
  from?: string | undefined;
  to?: string | undefined;
}

export interface ContentOptions {
  archive: Archive;
  documents: Documents;
  /** The notebook as this caller may see it. */
  entryOf: (caller: Caller, notebookId: string) => Promise<CatalogueEntry>;
}

type Content = Pick<LibraryService, 'document' | 'notebook' | 'figures' | 'figure' | 'diff' | 'diffDocument'>;

const HTML = 'text/html; charset=utf-8';

/** The part of the Library that shows what is in versions. */
export function createContent({ archive, documents, entryOf }: ContentOptions): Content {
  async function manifestOf({ item }: CatalogueEntry, versionId: string): Promise<VersionManifest> {
    const manifest = await archive.version(item.notebookId, versionId);
    if (manifest !== undefined) return manifest;
    throw new ProblemError(
      'internal',
      `Version ${versionId} of "${item.title}" is missing in the archive. Open another version.`
    );
  }

  async function open(
    caller: Caller,
    { notebookId, versionId }: VersionAddress
  ): Promise<{ entry: CatalogueEntry; manifest: VersionManifest }> {
    const entry = await entryOf(caller, notebookId);
    refuseDeleted(caller, entry.item);
    const wanted = versionId === 'latest' ? entry.item.versionId : versionId;
    if (!entry.versions.some(version => version.versionId === wanted)) throw lostVersion(entry.item, wanted);
    return { entry, manifest: await manifestOf(entry, wanted) };
  }

  /** A changed title shows on the newest version; older ones keep the title they were shared with. */
  function titleOf({ item }: CatalogueEntry, manifest: VersionManifest): string {
    return manifest.versionId === item.versionId ? item.title : manifest.title;
  }

  async function sides(
    caller: Caller,
    notebookId: string,
    { from, to }: DiffRange
  ): Promise<{ title: string; before: Side; after: Side }> {
    const entry = await entryOf(caller, notebookId);
    refuseDeleted(caller, entry.item);
    const { item, versions } = entry;
    const find = (versionId: string): number => {
      const index = versions.findIndex(version => version.versionId === versionId);
      if (index === -1) throw lostVersion(item, versionId);
      return index;
    };
    const newer = to === undefined ? 0 : find(to);
    const older = from === undefined ? newer + 1 : find(from);
    const side = async (index: number): Promise<Side> => {
      const version = versions[index];
      if (version === undefined) {
        throw new ProblemError('not-found', `"${item.title}" has no version before this one to compare it with.`);
      }
      return { manifest: await manifestOf(entry, version.versionId), label: `Version ${version.number}` };
    };
    return { title: item.title, before: await side(older), after: await side(newer) };
  }

  async function pageOf(
    caller: Caller,
    address: VersionAddress,
    hideCode: boolean | undefined,
    signal: AbortSignal
  ): Promise<Made & { manifest: VersionManifest; figures: Figure[] }> {
    const { entry, manifest } = await open(caller, address);
    const options = { title: titleOf(entry, manifest), hideCode: hideCode ?? manifest.hideCode };
    return { ...(await documents.page(manifest, options, signal)), manifest };
  }

  return {
    async document(caller, address, { hideCode }, signal) {
      return toBytes(HTML, await pageOf(caller, address, hideCode, signal));
    },
    async notebook(caller, address, options, signal) {
      const { entry, manifest } = await open(caller, address);
      const made = await documents.notebook(manifest, options, signal);
      return {
        ...toBytes('application/x-ipynb+json', made),
        download: fileNameOf(titleOf(entry, manifest), '.ipynb')
      };
    },
    async figures(caller, address, signal) {
      return (await pageOf(caller, address, undefined, signal)).figures;
    },
    async figure(caller, address, number, signal) {
      const { manifest, figures } = await pageOf(caller, address, undefined, signal);
      const figure = figures.find(each => each.number === number);
      if (figure === undefined) {
        throw new ProblemError(
          'not-found',
          `This version has no interactive figure ${number}. It has ${figures.length}.`
        );
      }
      if (!figure.live) {
        throw new ProblemError('not-found', figure.reason ?? `Figure ${number} cannot be shown live on this machine.`);
      }
      return { ...toBytes(HTML, await documents.figure(manifest, number, signal)), sandbox: 'scripts' };
    },
    async diff(caller, notebookId, range, signal) {
      const { title, before, after } = await sides(caller, notebookId, range);
      const diff = await documents.diff(before, after, title, signal);
      return { ...diff, notebookId, from: before.manifest.versionId, to: after.manifest.versionId };
    },
    async diffDocument(caller, notebookId, range, signal) {
      const { title, before, after } = await sides(caller, notebookId, range);
      return toBytes(HTML, await documents.diffPage(before, after, title, signal));
    }
  };
}

function toBytes(contentType: string, { file, size }: Made): Bytes {
  return { contentType, size, stream: readLazily(file) };
}
