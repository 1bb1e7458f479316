/** Addresses of one Lakeside: its pages, its API and the Jupyter server it belongs to. */
export interface ILibraryLinks {
  /** The Library's list. */
  list(search?: string): string;
  deleted(): string;
  collections(): string;
  group(name: string): string;
  tag(name: string): string;
  /** The page of a notebook; with a version, of that version. */
  notebook(notebookId: string, versionId?: string): string;
  versions(notebookId: string): string;
  diff(notebookId: string, from?: string, to?: string): string;
  document(notebookId: string, versionId: string, hideCode?: boolean): string;
  download(notebookId: string, versionId: string): string;
  figure(notebookId: string, versionId: string, number: number): string;
  diffDocument(notebookId: string, from: string, to: string): string;
}

/**
 * Makes the addresses below a prefix.
 *
 * @param base - `<server>/lakeside` without a slash at its end: a path, or absolute
 */
export function createLinks(base: string): ILibraryLinks {
  const library = `${base}/library`;
  const api = `${base}/api/v1/library/notebooks`;
  const page = (notebookId: string) => `${library}/notebooks/${encodeURIComponent(notebookId)}`;
  const version = (notebookId: string, versionId: string) =>
    `${api}/${encodeURIComponent(notebookId)}/versions/${encodeURIComponent(versionId)}`;
  // Browsers and proxies resolve or refuse these in a path, however they are escaped.
  const collection = (kind: 'group' | 'tag', name: string) =>
    /^\.{1,2}$|[/\\]/.test(name)
      ? `${library}${query({ [kind]: name })}`
      : `${library}/${kind}s/${encodeURIComponent(name)}`;
  return {
    list: search => (search ? `${library}?${search}` : library),
    deleted: () => `${library}/deleted`,
    collections: () => `${library}/collections`,
    group: name => collection('group', name),
    tag: name => collection('tag', name),
    notebook: (notebookId, versionId) =>
      versionId === undefined ? page(notebookId) : `${page(notebookId)}/versions/${encodeURIComponent(versionId)}`,
    versions: notebookId => `${page(notebookId)}/versions`,
    diff: (notebookId, from, to) => `${page(notebookId)}/diff${query({ from, to })}`,
    document: (notebookId, versionId, hideCode) =>
      `${version(notebookId, versionId)}/document${query({ hideCode: hideCode === undefined ? undefined : String(hideCode) })}`,
    download: (notebookId, versionId) => `${version(notebookId, versionId)}/notebook`,
    figure: (notebookId, versionId, number) => `${version(notebookId, versionId)}/figures/${number}`,
    diffDocument: (notebookId, from, to) =>
      `${api}/${encodeURIComponent(notebookId)}/diff/document${query({ from, to })}`
  };
}

function query(values: Record<string, string | undefined>): string {
  const given = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const text = new URLSearchParams(given).toString();
  return text ? `?${text}` : '';
}
