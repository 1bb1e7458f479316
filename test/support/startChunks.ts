import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import vm from 'node:vm';
import { gzipSync } from 'node:zlib';

/** One file of the labextension, with its sizes in bytes. */
export interface BuiltFile {
  name: string;
  size: number;
  gzip: number;
}

/** What the browser loads of a labextension. */
export interface LabextensionFiles {
  /** With JupyterLab, before anybody uses Lakeside. */
  start: BuiltFile[];
  /** When a surface is first used. */
  later: BuiltFile[];
}

interface Container {
  get(name: string): Promise<unknown>;
}

/**
 * Finds out what a built labextension loads with JupyterLab: its entry is run as a browser runs it, and the scripts it
 * asks for when JupyterLab wants its plugins and its style are written down.
 *
 * @param directory - the built labextension
 */
export function labextensionFiles(directory: string): LabextensionFiles {
  const data = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as {
    jupyterlab: { _build: { load: string; extension?: string; style?: string } };
  };
  const { load, extension, style } = data.jupyterlab._build;
  const asked = new Set([basename(load)]);
  const context = browserLike(source => asked.add(basename(new URL(source).pathname)));
  vm.runInContext(readFileSync(join(directory, load), 'utf8'), context);
  const container = (context as unknown as { _JUPYTERLAB: Record<string, Container> })._JUPYTERLAB[
    'jupyterlab-lakeside'
  ];
  if (container === undefined) throw new Error(`${load} offers no jupyterlab-lakeside.`);
  for (const name of [extension, style]) {
    // Never settles: nothing answers for the scripts. What it asks for is all that is wanted.
    if (name !== undefined) void container.get(name);
  }
  const all = readdirSync(join(directory, 'static')).filter(name => name.endsWith('.js') && name !== 'style.js');
  const measure = (name: string): BuiltFile => {
    const file = join(directory, 'static', name);
    return { name, size: statSync(file).size, gzip: gzipSync(readFileSync(file), { level: 9 }).length };
  };
  return {
    start: all.filter(name => asked.has(name)).map(measure),
    later: all.filter(name => !asked.has(name)).map(measure)
  };
}

/** As much of a browser as a script loader touches. */
function browserLike(onScript: (source: string) => void): vm.Context {
  const document = {
    currentScript: { tagName: 'SCRIPT', src: 'http://localhost/static/remoteEntry.js' },
    getElementsByTagName: () => [],
    createElement: () => ({ setAttribute: () => undefined, getAttribute: () => null }),
    head: { appendChild: (script: { src: string }) => onScript(script.src) }
  };
  const window: Record<string, unknown> = { document, setTimeout: () => 0, clearTimeout: () => undefined, console };
  window['location'] = 'http://localhost/';
  window['self'] = window['window'] = window;
  return vm.createContext(window);
}
