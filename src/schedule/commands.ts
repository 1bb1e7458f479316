import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { CommandIDs } from '../commands.js';
import { scheduleIcon } from '../icons.js';
import type { ILakesideApi } from '../tokens.js';
import type { IDialogSubject } from './dialog/load.js';

/** What the commands need. */
export interface IScheduleCommandsOptions {
  app: JupyterFrontEnd;
  api: ILakesideApi;
  tracker: INotebookTracker;
  trans: TranslationBundle;
  /** The notebook that is selected in the file browser, where there is one. */
  selected: () => string | undefined;
}

/** Registers the commands that open the schedule dialog. The dialog is loaded when one of them runs. */
export function addScheduleCommands(options: IScheduleCommandsOptions): void {
  const { app, tracker, trans, selected } = options;
  let isOpen = false;

  /** One dialog at a time: no dialog stands on another. */
  const open = async (subject: IDialogSubject): Promise<string | undefined> => {
    if (isOpen) return undefined;
    isOpen = true;
    try {
      const { openScheduleDialog } = await import('./dialog/open.js');
      return (await openScheduleDialog({ ...options, subject }))?.id;
    } catch (error) {
      const { failed } = await import('./notify.js');
      failed(trans.__('The schedule dialog could not be opened.'), error, trans);
      return undefined;
    } finally {
      isOpen = false;
    }
  };

  app.commands.addCommand(CommandIDs.scheduleCreate, {
    label: args => (args['from'] === 'browser' ? trans.__('Schedule…') : trans.__('Schedule Notebook…')),
    caption: trans.__('Run this notebook by itself, at times that you choose'),
    icon: scheduleIcon,
    describedBy: {
      args: {
        type: 'object',
        properties: {
          path: { type: 'string', description: trans.__('Path of the notebook; the current one without it') },
          from: { type: 'string', enum: ['browser'] }
        }
      }
    },
    isEnabled: args => typeof args['path'] === 'string' || args['from'] === 'browser' || tracker.currentWidget !== null,
    execute: args => {
      const current = args['from'] === 'browser' ? selected() : tracker.currentWidget?.context.path;
      const path = typeof args['path'] === 'string' ? args['path'] : current;
      return path === undefined ? undefined : open({ kind: 'notebook', path });
    }
  });
  app.commands.addCommand(CommandIDs.scheduleEdit, {
    label: args => (args['clone'] === true ? trans.__('Clone Schedule…') : trans.__('Edit Schedule…')),
    caption: trans.__('Change when and how a notebook runs'),
    icon: scheduleIcon,
    describedBy: {
      args: {
        type: 'object',
        required: ['scheduleId'],
        properties: {
          scheduleId: { type: 'string', description: trans.__('Id of the schedule') },
          clone: { type: 'boolean', description: trans.__('Make another one like it') }
        }
      }
    },
    isEnabled: args => typeof args['scheduleId'] === 'string',
    execute: args => {
      const { scheduleId, clone } = args;
      if (typeof scheduleId !== 'string') return undefined;
      return open({ kind: clone === true ? 'clone' : 'schedule', scheduleId });
    }
  });
}
