import { readFile, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve, sep } from 'node:path';
import * as z from 'zod';
import { ProblemError } from '../../contract/problem.js';

/** The version of what Lakeside and plug-ins promise each other. Grows when a promise changes. */
export const PLUGIN_API = 1;

/** How the configuration names an outside plug-in: an npm package, or the absolute path of its folder. */
export const PluginName = z
  .string()
  .max(1000)
  .refine(
    name => isAbsolute(name) || /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/.test(name),
    'must be the name of an npm package or the absolute path of its folder'
  );

/** An npm package that holds a plug-in, as its package.json describes it. None of its code has run. */
export interface PluginPackage {
  /** As the configuration names it. */
  name: string;
  package: string;
  version: string;
  folder: string;
  /** Absolute path of its module. */
  entry: string;
  kind: 'wiki-target';
  id: string;
}

const Package = z.object({
  name: z.string().min(1).max(214),
  version: z.string().max(100).default('0.0.0'),
  main: z.string().optional(),
  exports: z.unknown().optional(),
  lakeside: z.unknown().optional()
});

const Declaration = z.object({
  kind: z.literal('wiki-target', 'must be "wiki-target", the one kind that can come from outside'),
  id: z
    .string('must be the name by which targets choose it')
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be a name of small letters, digits and hyphens')
});

/**
 * Finds the package of a plug-in and reads what it says of itself.
 *
 * @param name - as the configuration names it
 * @param base - folder of the configuration file; a package lies in its `node_modules`, its `plugins`, or the
 *   `node_modules` of that. Nowhere above: those folders may belong to others.
 * @throws ProblemError `invalid` with what is wrong and the cure
 */
export async function readPluginPackage(name: string, base: string): Promise<PluginPackage> {
  const places = isAbsolute(name)
    ? [name]
    : [join(base, 'plugins', 'node_modules', name), join(base, 'plugins', name), join(base, 'node_modules', name)];
  for (const place of places) {
    const file = join(place, 'package.json');
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
      throw invalid(name, `${file} cannot be read. Give the account that Lakeside runs under the right to read it.`);
    });
    if (text !== undefined) return describe(name, await realpath(dirname(file)), text);
  }
  const where = places.map(place => join(place, 'package.json')).join(', ');
  throw invalid(name, `it is not installed: there is no ${where}. Install it there with npm, or correct its name.`);
}

function describe(name: string, folder: string, text: string): PluginPackage {
  const parsed = Package.safeParse(json(name, folder, text));
  if (!parsed.success) throw invalid(name, `${join(folder, 'package.json')} is not that of an npm package.`);
  const { data } = parsed;
  const declared = data.lakeside as { api?: unknown } | null | undefined;
  if (typeof declared !== 'object' || declared === null)
    throw invalid(name, `its package.json has no section "lakeside", so it is no plug-in. Name another package.`);
  if (declared.api !== PLUGIN_API)
    throw invalid(
      name,
      `it is made for version ${String(declared.api).slice(0, 20)} of the plug-in interface, and this Lakeside has version ${PLUGIN_API}. Install a release of it that fits.`
    );
  const checked = Declaration.safeParse(declared);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    const key = ['lakeside', ...(issue?.path ?? [])].join('.');
    throw invalid(name, `${key} in its package.json ${issue?.message ?? 'is not right'}. Tell its author.`);
  }
  const entry = resolve(folder, entryOf(data) ?? 'index.js');
  if (!entry.startsWith(folder + sep)) throw invalid(name, 'its module lies outside its own folder. Tell its author.');
  return { name, package: data.name, version: data.version, folder, entry, ...checked.data };
}

/** The module that `import` of the package would load. */
function entryOf({ main, exports }: z.infer<typeof Package>): string | undefined {
  let entry = exports;
  for (const key of ['.', 'import', 'node', 'default'])
    if (typeof entry === 'object' && entry !== null && key in entry) entry = (entry as Record<string, unknown>)[key];
  return typeof entry === 'string' ? entry : main;
}

function json(name: string, folder: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw invalid(name, `${join(folder, 'package.json')} is not JSON. Install it again.`, error);
  }
}

function invalid(name: string, sentence: string, cause?: unknown): ProblemError {
  return new ProblemError('invalid', `The plug-in ${name} cannot be used: ${sentence}`, { cause });
}
