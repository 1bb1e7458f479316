import type { Contents } from '@jupyterlab/services';

/** Tells which paths Lakeside can read by itself. */
export interface IDrives {
  /** A path as Lakeside knows it: that of the server's own files without the name of its drive. */
  pathOf(path: string): string;
  /** Whether a path lies where the server's own files are not. */
  isRemote(path: string): boolean;
}

/** Real-time collaboration shows the server's own files under this name. */
const COLLABORATION = 'RTC';

/**
 * The drives of a contents manager.
 *
 * @param readsFiles - whether the server's own contents are files that Lakeside reads itself
 */
export function createDrives(
  contents: Pick<Contents.IManager, 'driveName' | 'localPath'>,
  readsFiles: () => boolean
): IDrives {
  const own = (path: string) => ['', COLLABORATION].includes(contents.driveName(path));
  return {
    pathOf: path => (own(path) ? contents.localPath(path) : path),
    isRemote: path => !readsFiles() || !own(path)
  };
}
