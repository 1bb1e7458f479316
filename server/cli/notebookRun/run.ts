import { access, mkdir, readFile, realpath, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { ulid } from 'ulid';
import * as z from 'zod';
import { ProblemError } from '../../../contract/problem.js';
import { isElsewhere } from '../../../contract/schedule/places.js';
import { bytesOf, Duration, MemorySize, secondsOf } from '../../../contract/schedule/values.js';
import { toProblem } from '../../http/problem.js';
import { readArguments } from '../arguments.js';
import { note, plain, print, printJson, progress } from '../output.js';
import { writePage } from '../page.js';
import { runUsage } from '../usage.js';
import { checkPlace, deliver, withNotebook } from './elsewhere.js';
import type { NotebookHere } from './elsewhere.js';
import { runOnce } from './runner.js';
import { tellProgress } from './words.js';

/** What a run leaves. The page is made afterwards. */
const files = { notebook: 'output.ipynb', page: 'output.html', record: 'run.json', events: 'events.ndjson' } as const;

const options = {
  param: { type: 'string', short: 'p', multiple: true },
  parameters: { type: 'string' },
  out: { type: 'string', short: 'o' },
  kernel: { type: 'string' },
  timeout: { type: 'string' },
  'cell-timeout': { type: 'string' },
  memory: { type: 'string' },
  'scheduled-at': { type: 'string' },
  'interval-start': { type: 'string' },
  'interval-end': { type: 'string' },
  zone: { type: 'string' },
  resume: { type: 'string' },
  'hide-code': { type: 'boolean' },
  json: { type: 'boolean' }
} as const;

type Values = ReturnType<typeof readArguments<typeof options>>['values'];

/** What `run.json` says, as far as it is told on. */
const Record = z.looseObject({ reason: z.string().nullable(), seconds: z.number() });

/**
 * `lakeside run`: runs a notebook once, here and now, and leaves its output in a folder.
 *
 * @returns the runner's exit code (docs/users/runner.md); 1 where a good run has no page, 2 for wrong arguments
 */
export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, options, { min: 1, usage: runUsage });
  const [given = ''] = positionals;
  const place = values.out !== undefined && isElsewhere(values.out) ? values.out : undefined;
  if (place !== undefined) await checkPlace(place);
  return withNotebook(given, notebook => runHere(values, given, notebook, place));
}

/** @param place - where the output goes at last, where that is no folder */
async function runHere(
  values: Values,
  given: string,
  notebook: NotebookHere,
  place: string | undefined
): Promise<number> {
  const id = ulid();
  const ownFolder = join('runs', basename(given, '.ipynb'), id);
  const out = resolve(place === undefined ? (values.out ?? ownFolder) : ownFolder);
  const told = [...argumentsOf(values, notebook.file, id), ...notebook.args];
  await makeRoom(out, notebook.file);
  const { exitCode, said } = await runOnce(told, out, {
    heard: tellProgress(process.stderr.isTTY),
    ending: () => {
      progress(undefined);
      note('Ending the run; a cell has 5 seconds to come to its end.');
    }
  });
  progress(undefined);
  const record = await readRecord(join(out, files.record));
  const reason = record?.reason ?? (said === '' ? undefined : said);
  if (exitCode !== 0 && reason !== undefined) note(`lakeside: ${plain(reason)}`);
  const page = await pageOf(out, values['hide-code'] ?? false);
  const undelivered = place === undefined ? 0 : await deliver(place, out);
  const isThere = place !== undefined && undelivered === 0;
  const code = exitCode === 0 ? undelivered : exitCode;
  const folder = isThere ? place : out;
  const shown = isThere && page !== null ? `${place.replace(/\/+$/, '')}/${files.page}` : page;
  if (values.json) printJson({ folder, exitCode: code, reason: reason ?? null, page: shown, run: record ?? null });
  else print(folder);
  return code === 0 && page === null ? 1 : code;
}

/** The arguments for the runner. @throws ProblemError naming the option */
function argumentsOf(values: Values, notebook: string, id: string): string[] {
  const plainOnes = ['parameters', 'kernel', 'scheduled-at', 'interval-start', 'interval-end', 'zone'] as const;
  const timeouts = ['timeout', 'cell-timeout'] as const;
  return [
    `--notebook=${notebook}`,
    `--run-id=${id}`,
    ...(values.param ?? []).map(text => `-p${text}`),
    ...plainOnes.flatMap(name => (values[name] === undefined ? [] : [`--${name}=${values[name]}`])),
    ...timeouts.flatMap(name => (values[name] === undefined ? [] : [`--${name}=${seconds(name, values[name])}`])),
    ...(values.memory === undefined ? [] : [`--memory-limit=${bytes(values.memory)}`]),
    ...(values.resume === undefined ? [] : [`--resume=${resolve(values.resume)}`])
  ];
}

function seconds(option: string, text: string): number {
  if (/^[1-9]\d{0,7}$/.test(text)) return Number(text);
  const read = Duration.safeParse(text);
  if (read.success) return secondsOf(read.data);
  throw new ProblemError('bad-request', `--${option} ${read.error.issues[0]?.message ?? 'is not right'}.`);
}

function bytes(text: string): number {
  const read = MemorySize.safeParse(text);
  if (read.success) return bytesOf(read.data);
  throw new ProblemError('bad-request', `--memory ${read.error.issues[0]?.message ?? 'is not right'}.`);
}

/** Makes the folder, and takes away what a former run left in it: a page must not stand beside another run's notebook. */
async function makeRoom(out: string, notebook: string): Promise<void> {
  try {
    await mkdir(out, { recursive: true });
  } catch (error) {
    throw new ProblemError('file-unreadable', `${out} cannot be a folder for the output. Choose another --out.`, {
      cause: error
    });
  }
  const source = await realpath(notebook).catch(() => notebook);
  if (source === join(await realpath(out), files.notebook)) {
    throw new ProblemError(
      'bad-request',
      `The output would be written over ${notebook}, which is to run. Choose another --out.`
    );
  }
  for (const name of Object.values(files)) await rm(join(out, name), { force: true });
}

async function readRecord(file: string): Promise<z.infer<typeof Record> | undefined> {
  try {
    return Record.safeParse(JSON.parse(await readFile(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

/** Makes the page of what there is, also of a part. @returns its file; null, after a sentence, where there is none */
async function pageOf(out: string, hideCode: boolean): Promise<string | null> {
  const file = join(out, files.notebook);
  const page = join(out, files.page);
  try {
    await access(file);
  } catch {
    return null;
  }
  try {
    for (const sentence of await writePage({ file, out: page, hideCode })) note(plain(sentence));
    return page;
  } catch (error) {
    note(`lakeside: there is no ${files.page}: ${plain(toProblem(error).message)}`);
    return null;
  }
}
