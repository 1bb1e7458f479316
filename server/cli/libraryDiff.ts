import { routes } from '../../contract/routes.js';
import type { CellChange } from '../../contract/share/index.js';
import { readArguments } from './arguments.js';
import { findNotebook, findVersion } from './notebookId.js';
import { plain, print, printJson } from './output.js';
import { withSession } from './session.js';

/** `lakeside library diff`: what changed between two versions, cell by cell. */
export async function diff(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    { json: { type: 'boolean' } },
    { min: 1, max: 3, usage: 'lakeside library diff ID [FROM [TO]] [--json]' }
  );
  const [given = '', from, to] = positionals;
  return withSession(async ({ client }) => {
    const notebook = await findNotebook(client, given);
    const result = await client.call(routes.library.diff, {
      params: { notebookId: notebook.notebookId },
      query: {
        ...(from !== undefined && { from: findVersion(notebook, from).versionId }),
        ...(to !== undefined && { to: findVersion(notebook, to).versionId })
      }
    });
    if (values.json) {
      printJson(result);
      return 0;
    }
    const number = (versionId: string): number =>
      notebook.versionList.find(version => version.versionId === versionId)?.number ?? 0;
    print(
      `${plain(notebook.title)}: version ${number(result.from)} → ${number(result.to)}: ` +
        `${result.changed} changed, ${result.added} added, ${result.removed} removed, ${result.moved} moved, ${result.unchanged} unchanged`
    );
    for (const cell of result.cells) printCell(cell);
    return 0;
  });
}

const signs = { same: ' ', added: '+', removed: '-', changed: '~', moved: '>' };

function printCell(cell: CellChange): void {
  if (cell.kind === 'same') return;
  const place = [cell.before, cell.after].map(index => (index === undefined ? '' : String(index + 1)));
  const where = place[0] === place[1] ? place[0] : place.filter(Boolean).join(' → ');
  print(
    `\n${signs[cell.kind]} ${cell.type} cell ${where ?? ''}${cell.outputs === 'changed' ? ' · outputs changed' : ''}`
  );
  const text =
    cell.text ??
    (cell.source ?? [])
      .map(run => (run.kind === 'same' ? run.text : run.kind === 'added' ? `{+${run.text}+}` : `[-${run.text}-]`))
      .join('');
  for (const line of text.split('\n')) print(`    ${plain(line)}`);
}
