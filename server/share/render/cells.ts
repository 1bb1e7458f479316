import { ProblemError } from '../../../contract/problem.js';
import type { JsonObject } from '../notebook/json.js';
import type { Notebook } from '../notebook/model.js';
import type { RenderCall } from '../ports.js';

/** Hands over the cells in order, lets other work of the process happen in between, stops when asked to. */
export async function eachCell(
  notebook: Notebook,
  call: Pick<RenderCall, 'signal' | 'onProgress'>,
  visit: (cell: JsonObject, index: number) => unknown
): Promise<void> {
  let last = performance.now();
  for (let index = 0; index < notebook.cellCount; index++) {
    const goOn = await visit(notebook.cell(index), index);
    if (performance.now() - last > 50) {
      call.onProgress?.(index + 1, notebook.cellCount);
      await new Promise(resolve => setImmediate(resolve));
      last = performance.now();
    }
    if (call.signal?.aborted === true) throw new ProblemError('cancelled', 'Rendering was cancelled.');
    if (goOn === false) break;
  }
  call.onProgress?.(notebook.cellCount, notebook.cellCount);
}
