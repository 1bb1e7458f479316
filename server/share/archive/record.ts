import { createHash } from 'node:crypto';
import type { Provenance } from '../../../contract/share/index.js';
import type { ArchiveEvent, NotebookCore, NotebookRecord, Register, VersionFact } from '../ports.js';

/**
 * What one event says of its notebook.
 *
 * A record is a state that merges: in any order, twice or in parts, the same events come to the same record. So a
 * late event, a repeated one and a snapshot are all taken in the same way.
 */
export function recordOf(event: ArchiveEvent): NotebookRecord {
  const set = <T>(value: T): Register<T> => ({ event: event.id, value });
  const core: NotebookCore = { notebookId: event.notebookId, last: event.id };
  switch (event.type) {
    case 'published': {
      const hash = provenanceHash(event.provenance);
      const facts = {
        ...(event.language !== undefined && { language: event.language }),
        imports: event.imports,
        tables: event.tables
      };
      return {
        core: {
          ...core,
          title: set(event.title),
          tags: set(event.tags),
          groups: set(event.groups),
          audience: set(event.audience),
          deletedAt: set(null),
          updatedAt: set(event.at),
          facts: set(facts)
        },
        versions: [versionOf(event, hash)],
        text: set(event.text),
        provenances: { [hash]: event.provenance }
      };
    }
    case 'described':
      return {
        core: {
          ...core,
          ...(event.title !== undefined && { title: set(event.title) }),
          ...(event.tags && { tags: set(event.tags) }),
          ...(event.groups && { groups: set(event.groups) }),
          ...(event.audience && { audience: set(event.audience) }),
          updatedAt: set(event.at)
        },
        versions: []
      };
    case 'deleted':
      return { core: { ...core, deletedAt: set(event.at) }, versions: [] };
    case 'restored':
      return { core: { ...core, deletedAt: set(null) }, versions: [] };
    case 'purged':
      return { core: { ...core, purged: event.id }, versions: [] };
  }
}

function versionOf(event: ArchiveEvent & { type: 'published' }, provenance: string): VersionFact {
  return {
    event: event.id,
    versionId: event.versionId,
    ...(event.parent !== undefined && { parent: event.parent }),
    author: event.author,
    owner: event.owner,
    at: event.at,
    contentHash: event.contentHash,
    hideCode: event.hideCode,
    cells: event.cells,
    size: event.size,
    provenance
  };
}

/** The name of a provenance: the same kernel and packages have the same one. */
export function provenanceHash(provenance: Provenance): string {
  return createHash('sha256').update(JSON.stringify(provenance)).digest('hex');
}

/** Merges two cores of one notebook. The result has its keys in a fixed order, so that equal ones are equal as JSON. */
export function mergeCores(a: NotebookCore, b: NotebookCore): NotebookCore {
  const purged = later(a.purged, b.purged);
  const pick = <K extends keyof NotebookCore>(key: K): Partial<Pick<NotebookCore, K>> => {
    const value = mergeRegisters(a[key] as Register<unknown> | undefined, b[key] as Register<unknown> | undefined);
    if (value === undefined || isPurged(value.event, purged)) return {};
    return { [key]: value } as Partial<Pick<NotebookCore, K>>;
  };
  return {
    notebookId: a.notebookId,
    last: a.last > b.last ? a.last : b.last,
    ...(purged !== undefined && { purged }),
    ...pick('title'),
    ...pick('tags'),
    ...pick('groups'),
    ...pick('audience'),
    ...pick('deletedAt'),
    ...pick('updatedAt'),
    ...pick('facts')
  };
}

/** Of two values of one register, that of the later event. */
export function mergeRegisters<T>(a: Register<T> | undefined, b: Register<T> | undefined): Register<T> | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b.event > a.event ? b : a;
}

/** True where an event came before the notebook was purged. */
export function isPurged(event: string, purged: string | undefined): boolean {
  return purged !== undefined && event <= purged;
}

/** Merges two records of one notebook. Versions are sorted by their id. */
export function mergeRecords(a: NotebookRecord, b: NotebookRecord): NotebookRecord {
  const core = mergeCores(a.core, b.core);
  const versions = new Map<string, VersionFact>();
  for (const fact of [...a.versions, ...b.versions]) {
    const other = versions.get(fact.versionId);
    if (!isPurged(fact.event, core.purged) && (other === undefined || fact.event > other.event)) {
      versions.set(fact.versionId, fact);
    }
  }
  const text = mergeRegisters(a.text, b.text);
  return {
    core,
    versions: [...versions.values()].sort((one, two) => (one.versionId < two.versionId ? -1 : 1)),
    ...(text && !isPurged(text.event, core.purged) && { text }),
    provenances: { ...a.provenances, ...b.provenances }
  };
}

function later(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a > b ? a : b;
}
