import { ProblemError } from '../../../../contract/problem.js';
import type { Renderer, RenderCall } from '../../ports.js';
import type { Notebook } from '../../notebook/model.js';
import type { Assets } from '../assets.js';
import type { FigureLibraries } from '../build/figures.js';

export function compareNotebooks(
  _before: Notebook,
  _after: Notebook,
  _options: Parameters<Renderer['diff']>[2],
  _call: RenderCall,
  _resources: { assets: Assets; libraries: FigureLibraries }
): ReturnType<Renderer['diff']> {
  return Promise.reject(new ProblemError('render-failed', 'pending'));
}
