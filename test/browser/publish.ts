import { setTimeout as sleep } from 'node:timers/promises';
import { ulid } from 'ulid';
import type { Job } from '../../contract/jobs.js';
import type { PublishRequest, ShareResult } from '../../contract/share/index.js';
import type { Jupyter } from './jupyter.js';

/**
 * Shares a notebook through the API and waits for its end.
 *
 * @throws Error with the sentence of the problem, where the share fails
 */
export async function publish(
  jupyter: Jupyter,
  path: string,
  options: Partial<Omit<PublishRequest, 'opId' | 'path'>> = {}
): Promise<ShareResult> {
  let job = await ask<Job>(jupyter, 'share/publish', 'POST', { opId: ulid(), path, ...options });
  for (let attempt = 0; attempt < 600; attempt++) {
    if (job.state === 'succeeded') return job.result as ShareResult;
    if (job.state === 'failed' || job.state === 'cancelled') throw new Error(job.problem?.message ?? job.state);
    await sleep(50);
    job = await ask<Job>(jupyter, `jobs/${job.id}`);
  }
  throw new Error(`The share of ${path} did not end.`);
}

/** Calls Lakeside's API with the token. */
export async function ask<T>(jupyter: Jupyter, path: string, method = 'GET', body?: unknown): Promise<T> {
  const response = await jupyter.fetch(`lakeside/api/v1/${path}`, {
    method,
    ...(body !== undefined && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}
