import '../../../style/base.css';
import '../../../style/schedule.css';
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ulid } from 'ulid';
import type { ScheduleNews } from '../../../contract/schedule/news.js';
import { pause } from '../../api/http.js';
import { failed } from '../notify.js';
import type { ScheduleWatch } from '../watch/watch.js';
import { createRunActions } from './actions.js';
import { DiffModel } from './diffModel.js';
import { openAt } from './openAt.js';
import { createOutputHost } from './outputArea.js';
import { RunModel } from './runModel.js';
import { RunWidget } from './widget.js';

/** Events that come in one burst are shown at once, so many milliseconds after the first. */
const BURST_MS = 60;

/** Makes the page of a run. */
export function createRunPage(options: {
  app: JupyterFrontEnd;
  tracker: INotebookTracker;
  rendermime: IRenderMimeRegistry;
  watch: ScheduleWatch;
  runId: string;
  /** Told what the tab is to be called, when that is known. */
  onName: (name: string) => void;
}): RunWidget {
  const { app, tracker, rendermime, watch, runId, onName } = options;
  const { client, background, news, trans } = watch;
  const model = new RunModel({
    client,
    background,
    runId,
    newId: () => ulid(),
    later: run => void setTimeout(run, BURST_MS),
    wait: pause
  });
  const hear = (_: unknown, told: ScheduleNews) => {
    if (told.type === 'run') model.hear(told.run);
  };
  news.news.connect(hear);
  model.stateChanged.connect((_, { schedule }) => {
    if (schedule) onName(schedule.spec.name);
  });
  const actions = createRunActions({
    model,
    commands: app.commands,
    trans,
    failed: (message, error) => failed(message, error, trans),
    openAt: (path, cell) => openAt(path, cell, { app, tracker }),
    offerToResume: (name, resume) =>
      void Notification.info(trans.__('Mend %1 and save. Then the run goes on from there.', name), {
        autoClose: false,
        actions: [{ label: trans.__('Run from here'), callback: resume, displayType: 'accent' }]
      })
  });
  const diff = new DiffModel({ client, runId });
  const widget = new RunWidget({ model, diff, host: createOutputHost(rendermime, trans), actions }, trans);
  widget.disposed.connect(() => news.news.disconnect(hear));
  return widget;
}
