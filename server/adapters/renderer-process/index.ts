import { stat } from 'node:fs/promises';
import { ProblemError } from '../../../contract/problem.js';
import type { Log } from '../../ports.js';
import { tooLarge } from '../../share/notebook/refuse.js';
import type { NotebookSource, RenderCall, Renderer } from '../../share/ports.js';
import type { ChildSettings, Operation } from '../../share/render/protocol.js';
import { Pool } from './pool.js';

export interface ProcessRendererOptions {
  /** The bundled renderer, `renderer.js`; its assets lie in `assets/` beside it. */
  program: string;
  /** A child that takes more memory than this, counted as the system does, is ended. */
  memoryMb: number;
  /** A call that takes longer is ended. */
  timeoutSeconds: number;
  /** Larger notebooks are refused before they are read. */
  maxNotebookBytes: number;
  /** How many calls run at once; further ones wait. */
  poolSize: number;
  /** A child without work ends after so many seconds. */
  idleSeconds: number;
  /** The site-packages folder of the Jupyter server, where plotly and bokeh are looked for. */
  pythonPackages: string | undefined;
  log: Log;
}

/** The renderer in child processes with capped memory and time (decision 12). Children start at the first call. */
export function createProcessRenderer(options: ProcessRendererOptions): Renderer {
  const settings: ChildSettings = {
    maxNotebookBytes: options.maxNotebookBytes,
    pythonPackages: options.pythonPackages
  };
  const pool = new Pool({ ...options, settings });

  const run = async (
    operation: Operation,
    sources: NotebookSource[],
    values: unknown[],
    call: RenderCall
  ): Promise<unknown> => {
    for (const source of sources) await checkSize(source, options.maxNotebookBytes);
    return pool.run({ operation, arguments: [...sources, ...values], workDirectory: call.workDirectory }, call);
  };

  return {
    inspect: (source, call) => run('inspect', [source], [], call) as ReturnType<Renderer['inspect']>,
    prepare: (source, choice, call) => run('prepare', [source], [choice], call) as ReturnType<Renderer['prepare']>,
    document: (source, choice, call) => run('document', [source], [choice], call) as ReturnType<Renderer['document']>,
    figure: (source, number, call) => run('figure', [source], [number], call) as ReturnType<Renderer['figure']>,
    notebook: (source, choice, call) => run('notebook', [source], [choice], call) as ReturnType<Renderer['notebook']>,
    diff: (before, after, choice, call) => run('diff', [before, after], [choice], call) as ReturnType<Renderer['diff']>,
    wiki: (source, choice, call) => run('wiki', [source], [choice], call) as ReturnType<Renderer['wiki']>,
    scan: (source, choice, call) => run('scan', [source], [choice], call) as ReturnType<Renderer['scan']>,
    close: () => pool.close()
  };
}

async function checkSize(source: NotebookSource, max: number): Promise<void> {
  const info = await stat(source.file).catch(() => undefined);
  if (info && info.size > max) throw tooLarge(info.size, max);
  if (info && !info.isFile())
    throw new ProblemError('not-a-notebook', 'This is not a notebook that can be read: it is a folder or a device.');
}
