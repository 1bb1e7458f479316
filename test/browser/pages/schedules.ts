import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { ulid } from 'ulid';
import type { Run, Schedule } from '../../../contract/schedule/records.js';
import type { Jupyter } from '../jupyter.js';
import { execute } from './app.js';

/** The schedules and runs of a person in JupyterLab. */
export class Schedules {
  constructor(
    readonly page: Page,
    readonly jupyter: Jupyter
  ) {}

  /** Makes a schedule by the API; it is due once a year where nothing else is said. */
  async make(name: string, path: string, spec: object = {}): Promise<Schedule> {
    const when = { cron: '0 0 1 1 *', zone: 'Europe/Paris' };
    return this.ask<Schedule>('schedules', { opId: ulid(), spec: { name, notebook: { path }, when, ...spec } });
  }

  /** Runs a schedule and waits for its end. */
  async run(schedule: Schedule, state: Run['state'] = 'SUCCEEDED'): Promise<Run> {
    const { id } = await this.ask<Run>(`schedules/${schedule.id}/runs`, { opId: ulid() });
    let run: Run | undefined;
    await expect
      .poll(
        async () => {
          run = await this.ask<Run>(`runs/${id}`);
          return run.state;
        },
        { timeout: 90_000 }
      )
      .toBe(state);
    return run as Run;
  }

  /** Takes all schedules off the list. */
  async clear(): Promise<void> {
    const { schedules } = await this.ask<{ schedules: { schedule: Schedule }[] }>('schedules');
    for (const { schedule } of schedules) await this.ask(`schedules/${schedule.id}/state`, { state: 'deleted' });
  }

  /** Asks the API; posts where a body is given. */
  async ask<T>(path: string, body?: object): Promise<T> {
    const init =
      body === undefined
        ? {}
        : { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
    const answer = await this.jupyter.fetch(`lakeside/api/v1/${path}`, init);
    const text = await answer.text();
    expect(answer.ok, `${path}: ${answer.status} ${text}`).toBe(true);
    return JSON.parse(text) as T;
  }

  /** Shows the panel in the side bar, or the tab. */
  async open(area: 'left' | 'main' = 'left'): Promise<void> {
    await execute(this.page, 'lakeside:schedules', { area });
    await expect(this.panel).toBeVisible();
  }

  async openRun(run: Run): Promise<void> {
    await execute(this.page, 'lakeside:schedule-run', { runId: run.id });
    await expect(this.runPage).toBeVisible();
  }

  get panel(): Locator {
    return this.page.locator('.jp-LakesideSchedule:visible');
  }

  /** The page of the run in front. */
  get runPage(): Locator {
    return this.page.locator('.jp-LakesideRun:visible');
  }

  get filter(): Locator {
    return this.panel.getByRole('searchbox');
  }

  /** The row of a schedule. */
  row(name: string): Locator {
    return this.panel.getByRole('listitem').filter({ has: this.page.getByText(name, { exact: true }) });
  }

  button(name: string | RegExp): Locator {
    return this.panel.getByRole('button', { name });
  }

  tab(name: string): Locator {
    return this.runPage.getByRole('tab', { name });
  }

  /** A message of JupyterLab. */
  toast(text: string | RegExp): Locator {
    return this.page.locator('.Toastify__toast').filter({ hasText: text });
  }
}
