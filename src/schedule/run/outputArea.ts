import type * as nbformat from '@jupyterlab/nbformat';
import { OutputArea, OutputAreaModel } from '@jupyterlab/outputarea';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Widget } from '@lumino/widgets';
import type { IOutput } from './course.js';
import type { RunModel } from './runModel.js';

/** The sanitizer of JupyterLab, as far as it is wrapped. */
type Sanitizer = IRenderMimeRegistry['sanitizer'];

/** What draws the outputs of cells. */
export interface IOutputHost {
  /** Draws the outputs of a cell, and those that come. Disposed by who asked for it. */
  create(model: RunModel, index: number): Widget;
  /** Draws outputs that are complete. */
  createOf(outputs: readonly IOutput[]): Widget;
}

/**
 * Draws outputs as JupyterLab does, all of them as foreign: nothing of them is trusted, so scripts do not run, HTML is
 * sanitised, and no button of it can start a command of JupyterLab.
 */
export function createOutputHost(rendermime: IRenderMimeRegistry, trans: TranslationBundle): IOutputHost {
  const strict = rendermime.clone({ sanitizer: withoutCommands(rendermime.sanitizer) });
  const areaOf = (outputs: OutputAreaModel) => {
    const area = new OutputArea({ model: outputs, rendermime: strict });
    namePictures(area, trans.__('Picture in the output'));
    return area;
  };
  const add = (outputs: OutputAreaModel, output: IOutput) => {
    if (output.output_type === 'clear') outputs.clear();
    else outputs.add(known(output, trans));
  };
  return {
    create: (model, index) => {
      const outputs = new OutputAreaModel({ trusted: false });
      for (const output of model.outputsOf(index)) add(outputs, output);
      const area = areaOf(outputs);
      const follow = (_: unknown, added: { index: number; output: IOutput } | undefined) => {
        if (added === undefined) outputs.clear();
        else if (added.index === index) add(outputs, added.output);
      };
      model.outputAdded.connect(follow);
      area.disposed.connect(() => {
        model.outputAdded.disconnect(follow);
        outputs.dispose();
      });
      return area;
    },
    createOf: all => {
      const outputs = new OutputAreaModel({ trusted: false });
      for (const output of all) add(outputs, output);
      const area = areaOf(outputs);
      area.disposed.connect(() => outputs.dispose());
      return area;
    }
  };
}

/** Screen readers would read a picture's whole address where it has no name. */
function namePictures(area: Widget, name: string): void {
  const look = () => {
    for (const picture of area.node.querySelectorAll('img:not([alt])')) picture.setAttribute('alt', name);
  };
  look();
  const observer = new MutationObserver(look);
  observer.observe(area.node, { childList: true, subtree: true });
  area.disposed.connect(() => observer.disconnect());
}

/** An output as a notebook holds it; where a large part was left out, its text and a line that says so. */
function known(output: IOutput, trans: TranslationBundle): nbformat.IOutput {
  if (!('leftOut' in output)) return output as unknown as nbformat.IOutput;
  const data = (output as { data?: { 'text/plain'?: unknown } }).data;
  const plain = data?.['text/plain'];
  const kinds = Array.isArray(output['leftOut']) ? output['leftOut'].filter(kind => typeof kind === 'string') : [];
  const said = trans.__('This output is large (%1). It is shown when the run has ended.', kinds.join(', '));
  return {
    output_type: 'display_data',
    metadata: {},
    data: { 'text/plain': typeof plain === 'string' && plain !== '' ? `${plain}\n${said}` : said }
  };
}

/** Takes out what would let a button of an output start a command of JupyterLab. */
export function withoutCommands(sanitizer: Sanitizer): Sanitizer {
  return {
    ...(sanitizer.getAutolink && { getAutolink: () => sanitizer.getAutolink?.() ?? true }),
    // What was sanitised has its attributes in quotation marks, with those inside escaped.
    sanitize: (dirty, options) =>
      sanitizer.sanitize(dirty, options).replace(/\sdata-commandlinker[\w-]*(?:="[^"]*")?/gi, '')
  };
}
