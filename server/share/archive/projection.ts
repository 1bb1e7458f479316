import type { LibraryItem, Provenance, Version } from '../../../contract/share/index.js';
import type { NotebookCore, VersionFact } from '../ports.js';

/** How long a deleted notebook can be restored. Milliseconds. */
export const KEEP_DELETED = 30 * 24 * 3_600_000;

/** What a list needs to know of all versions of a notebook. */
export interface VersionSummary {
  count: number;
  newest: string;
  createdAt: string;
  /** Whoever published the first of its events. */
  owner: string;
}

/** Sums up versions; undefined for none. */
export function summarise(versions: readonly VersionFact[]): VersionSummary | undefined {
  let [first] = versions;
  let newest = first;
  let earliest = first;
  if (first === undefined || newest === undefined || earliest === undefined) return undefined;
  for (const version of versions) {
    if (version.versionId < first.versionId) first = version;
    if (version.versionId > newest.versionId) newest = version;
    if (version.event < earliest.event) earliest = version;
  }
  return { count: versions.length, newest: newest.versionId, createdAt: first.at, owner: earliest.owner };
}

/** A notebook as lists show it; undefined while its first version is not known, and after it was purged. */
export function itemOf(core: NotebookCore, versions: VersionSummary | undefined): LibraryItem | undefined {
  if (versions === undefined || core.title === undefined || core.audience === undefined) return undefined;
  const deletedAt = core.deletedAt?.value ?? undefined;
  return {
    notebookId: core.notebookId,
    title: core.title.value,
    owner: versions.owner,
    audience: core.audience.value,
    tags: core.tags?.value ?? [],
    groups: core.groups?.value ?? [],
    ...(core.facts?.value.language !== undefined && { language: core.facts.value.language }),
    tables: core.facts?.value.tables ?? [],
    versionId: versions.newest,
    versions: versions.count,
    createdAt: versions.createdAt,
    updatedAt: core.updatedAt?.value ?? versions.createdAt,
    ...(deletedAt !== undefined && {
      deletedAt,
      purgeAt: new Date(Date.parse(deletedAt) + KEEP_DELETED).toISOString()
    }),
    page: `library/notebooks/${core.notebookId}`
  };
}

/**
 * Versions as people see them, newest first, numbered from 1 by their id.
 *
 * @param provenance - finds a provenance by its hash
 */
export function versionList(
  versions: readonly VersionFact[],
  provenance: (hash: string) => Provenance | undefined
): Version[] {
  const sorted = [...versions].sort((a, b) => (a.versionId < b.versionId ? -1 : 1));
  const children = new Map<string, number>();
  for (const { parent = '' } of sorted) children.set(parent, (children.get(parent) ?? 0) + 1);
  return sorted
    .map((fact, index) => ({
      versionId: fact.versionId,
      number: index + 1,
      ...(fact.parent !== undefined && { parent: fact.parent }),
      author: fact.author,
      createdAt: fact.at,
      contentHash: fact.contentHash,
      hideCode: fact.hideCode,
      cells: fact.cells,
      size: fact.size,
      provenance: provenance(fact.provenance) ?? {},
      fork: (children.get(fact.parent ?? '') ?? 0) > 1
    }))
    .reverse();
}
