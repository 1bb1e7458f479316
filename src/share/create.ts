import '../../style/base.css';
import '../../style/share.css';
import '../../style/gate.css';
import '../../style/places.css';
import '../../style/conflict.css';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { Contents } from '@jupyterlab/services';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import type { ILakesideApi } from '../tokens.js';
import { ShareCenter } from './center.js';
import { createPlaceMemory } from './placeMemory.js';
import type { IJobMemory } from './runningModel.js';
import { readSettings } from './settings.js';
import type { IVisibility } from './shareModel.js';

/** Makes sharing for this browser tab: with its clock, its visibility, its windows and its downloads. */
export function createCenter(options: {
  api: ILakesideApi;
  contents: Contents.IManager;
  tracker: INotebookTracker;
  trans: TranslationBundle;
  memory: IJobMemory;
  settings: ISettingRegistry.ISettings | null;
}): ShareCenter {
  return new ShareCenter({
    ...options,
    settings: () => readSettings(options.settings),
    visibility: createVisibility(),
    places: createPlaceMemory(options.api.baseUrl),
    now: Date.now,
    openUrl: url => void window.open(url, '_blank', 'noopener'),
    saveFile
  });
}

function createVisibility(): IVisibility {
  const visibility = {
    get hidden() {
      return document.hidden;
    }
  } as IVisibility;
  const changed = new Signal<IVisibility, void>(visibility);
  document.addEventListener('visibilitychange', () => changed.emit());
  return Object.defineProperty(visibility, 'changed', { value: changed });
}

function saveFile(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the address over by the next turn.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
