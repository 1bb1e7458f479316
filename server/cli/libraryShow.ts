import { readArguments } from './arguments.js';
import { findNotebook } from './notebookId.js';
import { bytesInWords, localTime, plain, print, printJson, printTable } from './output.js';
import { withSession } from './session.js';

const options = { json: { type: 'boolean' } } as const;

/** `lakeside library show`. */
export async function show(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, options, { min: 1, usage: 'lakeside library show ID [--json]' });
  return withSession(async ({ client }) => {
    const notebook = await findNotebook(client, positionals[0] ?? '');
    if (values.json) {
      printJson(notebook);
      return 0;
    }
    const rows: [string, string | undefined][] = [
      ['title', notebook.title],
      ['id', notebook.notebookId],
      ['owner', notebook.owner],
      ['versions', String(notebook.versions)],
      ['updated', localTime(notebook.updatedAt)],
      ['tags', notebook.tags.join(', ')],
      ['groups', notebook.groups.join(', ')],
      ['language', notebook.language],
      ['tables', notebook.tables.join(', ')],
      ['imports', notebook.imports.join(', ')],
      [
        'deleted',
        notebook.deletedAt && `${localTime(notebook.deletedAt)}, for good after ${localTime(notebook.purgeAt ?? '')}`
      ]
    ];
    for (const [name, value] of rows) if (value) print(`${name.padEnd(9)} ${plain(value)}`);
    return 0;
  });
}

/** `lakeside library versions`. */
export async function versions(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, options, {
    min: 1,
    usage: 'lakeside library versions ID [--json]'
  });
  return withSession(async ({ client }) => {
    const { versionList } = await findNotebook(client, positionals[0] ?? '');
    if (values.json) {
      printJson({ versions: versionList });
      return 0;
    }
    printTable([
      ['VERSION', 'SHARED', 'AUTHOR', 'CELLS', 'SIZE', 'KERNEL', 'ID', ''],
      ...versionList.map(version => [
        String(version.number),
        localTime(version.createdAt),
        plain(version.author),
        String(version.cells),
        bytesInWords(version.size),
        plain(version.provenance.kernel?.displayName ?? version.provenance.kernel?.name ?? ''),
        version.versionId,
        version.fork ? 'made beside another version' : ''
      ])
    ]);
    return 0;
  });
}
