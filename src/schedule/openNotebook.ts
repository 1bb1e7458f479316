import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { referenceOf } from '../../contract/schedule/places.js';
import { CommandIDs } from '../commands.js';

/**
 * Opens the notebook of a schedule: a file, or the page of the Library that it is.
 *
 * @param openFile - opens a file by its path
 * @throws Error where it lies where JupyterLab opens nothing
 */
export async function openNotebook(
  path: string,
  options: {
    commands: CommandRegistry;
    trans: TranslationBundle;
    openFile: (path: string) => Promise<unknown>;
  }
): Promise<void> {
  const { commands, trans, openFile } = options;
  const reference = referenceOf(path);
  if (reference?.kind === 's3') {
    throw new Error(trans.__('It lies at %1, where JupyterLab opens nothing. Change it there.', path));
  }
  if (reference?.kind === 'share') {
    await commands.execute(CommandIDs.openLibraryPage, { page: `library/notebooks/${reference.notebookId}` });
    return;
  }
  await openFile(path);
}
