import type { ISettingRegistry } from '@jupyterlab/settingregistry';

/** What a person set about sharing. */
export interface IShareSettings {
  /** Tags a notebook is given when it is first shared. */
  readonly defaultTags: string[];
  /** Whether code is hidden when a notebook is first shared. */
  readonly hideCode: boolean;
  /** Show the dialog on every share, not only where it needs the person. */
  readonly askEveryTime: boolean;
  /** Show the page in the dialog. */
  readonly preview: boolean;
  /** Record the packages of the kernel with each version. */
  readonly recordPackages: boolean;
}

/** The settings as they are now; those of the schema where nothing is known. */
export function readSettings(settings: ISettingRegistry.ISettings | null): IShareSettings {
  const read = (name: string): unknown => settings?.get(name).composite;
  const tags = read('defaultTags');
  return {
    defaultTags: Array.isArray(tags) ? tags.filter(tag => typeof tag === 'string') : [],
    hideCode: read('hideCode') === true,
    askEveryTime: read('askEveryTime') === true,
    preview: read('preview') !== false,
    recordPackages: read('recordPackages') !== false
  };
}
