import type { Client } from '../../../contract/client.js';
import type { ScheduleForm } from '../../../contract/schedule/form.js';
import type { Schedule } from '../../../contract/schedule/records.js';
import { scheduleRoutes } from '../../../contract/schedule/routes.js';
import type { ScheduleSpec } from '../../../contract/schedule/spec.js';
import type { TranslationBundle } from '@jupyterlab/translation';
import { asProblem } from '../../api/problems.js';

/** What a dialog is about: a notebook, a schedule to change, or one to make another like it. */
export type IDialogSubject =
  { kind: 'notebook'; path: string } | { kind: 'schedule'; scheduleId: string } | { kind: 'clone'; scheduleId: string };

/** What a form begins with. */
export interface ILoaded {
  form: ScheduleForm;
  schedule?: Schedule;
}

/**
 * Loads what a dialog begins with.
 *
 * @throws ProblemError where there is nothing to begin with
 */
export async function loadDialog(
  { client, trans }: { client: Client; trans: TranslationBundle },
  subject: IDialogSubject
): Promise<ILoaded> {
  if (subject.kind === 'notebook') {
    return { form: await client.call(scheduleRoutes.form, { query: { path: subject.path } }) };
  }
  const schedule = await client.call(scheduleRoutes.get, { params: { scheduleId: subject.scheduleId } });
  const { spec } = schedule;
  const form = await formOf(client, spec);
  if (subject.kind === 'schedule') return { form: { ...form, spec }, schedule };
  return { form: { ...form, spec: { ...spec, name: trans.__('Copy of %1', spec.name).slice(0, 200) } } };
}

/** What the fields may be. A schedule whose notebook is gone can be changed all the same: to name another one. */
async function formOf(client: Client, spec: ScheduleSpec): Promise<ScheduleForm> {
  try {
    return await client.call(scheduleRoutes.form, { query: { path: spec.notebook.path } });
  } catch (error) {
    const { code, message } = asProblem(error);
    if (code !== 'file-not-found' && code !== 'file-unreadable' && code !== 'not-a-notebook') throw error;
    const names = (all: (string | undefined)[]) =>
      [...new Set(all.filter(name => name !== undefined))].map(name => ({ name, title: name }));
    const { failure, recovery, late, success } = spec.notify;
    return {
      spec,
      parameters: [],
      parametersProblem: message,
      kernels: names([spec.environment.kernel]),
      backends: [],
      channels: names(['owner', ...failure, ...recovery, ...late, ...success]),
      targets: names(['library', spec.publish?.target])
    };
  }
}
