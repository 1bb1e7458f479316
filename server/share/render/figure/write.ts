import { ProblemError } from '../../../../contract/problem.js';
import type { RenderCall } from '../../ports.js';
import type { Notebook } from '../../notebook/model.js';
import type { Assets } from '../assets.js';
import type { FigureLibraries } from '../build/figures.js';

export async function writeFigure(
  _notebook: Notebook,
  _number: number,
  _file: string,
  _resources: { assets: Assets; libraries: FigureLibraries; call: RenderCall }
): Promise<number> {
  return Promise.reject(new ProblemError('render-failed', 'pending'));
}
