import type { Backend, ScheduleForm } from '../../../contract/schedule/form.js';
import { faultOfNotebook, isElsewhere } from '../../../contract/schedule/places.js';
import { ScheduleSpec } from '../../../contract/schedule/spec.js';
import { ProblemError } from '../../../contract/problem.js';
import type { Caller } from '../../ports.js';
import type { Take } from '../places/take.js';
import type { NotebookRunner, ScheduleFiles } from '../ports.js';

type Choice = ScheduleForm['targets'][number];

export interface FormOptions {
  files: Pick<ScheduleFiles, 'root'>;
  take: Take;
  runner: Pick<NotebookRunner, 'inspect' | 'kernels'>;
  /** Channels of the configuration. */
  channels: () => Promise<readonly Choice[]>;
  /** Where a caller may publish. */
  targets: (caller: Caller) => Promise<readonly Choice[]>;
}

/** The backend of this server. */
export const local: Backend = {
  name: 'local',
  title: 'This server',
  promise: 'Runs while this server is up. What falls due while it is down is shown as missed, or made up for.',
  can: {
    overlap: ['skip', 'queue', 'replace', 'allow'],
    catchUp: ['none', 'last', 'all'],
    backfill: true,
    kernel: true,
    memory: true,
    resume: true,
    publish: true
  }
};

/** Makes what the dialog needs for a notebook. */
export function createForms({ files, take, runner, channels, targets }: FormOptions) {
  /** What the notebook declares, or why that cannot be told: a schedule without parameters is one all the same. */
  async function inspect(file: string): Promise<Pick<ScheduleForm, 'parameters' | 'parametersProblem'> & Kernel> {
    try {
      const { parameters, kernel } = await runner.inspect(file);
      return { parameters, ...(kernel !== undefined && { kernel }) };
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      return { parameters: [], parametersProblem: error.message };
    }
  }

  return async (caller: Caller, path: string): Promise<ScheduleForm> => {
    const fault = faultOfNotebook(path);
    if (isElsewhere(path) && fault !== undefined) {
      throw new ProblemError('invalid', `path ${fault}`, { errors: [{ field: 'path', message: `path ${fault}` }] });
    }
    const { file, title, release } = await take(caller, rootOf(files), path);
    const [{ parameters, parametersProblem }, kernels, channelsThere, targetsThere] = await Promise.all([
      inspect(file),
      runner.kernels().catch(() => []),
      channels(),
      targets(caller)
    ]).finally(release);
    const spec = ScheduleSpec.parse({
      name: titleOf(title ?? path),
      notebook: { path: path.replace(/^\//, '') },
      when: { cron: '30 7 * * 1-5' },
      notify: { failure: ['owner'], recovery: ['owner'] }
    });
    return {
      spec,
      parameters,
      ...(parametersProblem !== undefined && { parametersProblem }),
      kernels,
      backends: [local],
      channels: [{ name: 'owner', title: 'Me' }, ...channelsThere],
      targets: [...targetsThere]
    };
  };
}

interface Kernel {
  kernel?: string;
}

/**
 * The root that schedules of this server have.
 *
 * @throws ProblemError `invalid` where it keeps no files
 */
export function rootOf(files: Pick<ScheduleFiles, 'root'>): string {
  const root = files.root();
  if (root !== undefined) return root;
  throw new ProblemError(
    'invalid',
    'Schedules need notebooks that are files, and this server keeps its contents elsewhere. Schedule on a server with files.'
  );
}

/** A notebook's file name as people would write it: `weekly-report.ipynb` is "Weekly report". */
function titleOf(path: string): string {
  const name = (path.split('/').at(-1) ?? path)
    .replace(/\.ipynb$/, '')
    .replaceAll(/[-_]+/g, ' ')
    .trim();
  return (name === '' ? 'Schedule' : name.charAt(0).toUpperCase() + name.slice(1)).slice(0, 200);
}
