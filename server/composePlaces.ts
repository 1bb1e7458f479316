import { join } from 'node:path';
import { ProblemError } from '../contract/problem.js';
import { systemClock } from './adapters/clock-system/index.js';
import type { Root } from './adapters/notebookfiles-fs/resolve.js';
import { createScheduleFiles, pinnedFolder } from './adapters/notebookfiles-fs/scheduleFiles.js';
import { composeConfiguration } from './composeConfiguration.js';
import type { Config } from './config.js';
import type { Configuration } from './configuration/read.js';
import { composeSecrets } from './composeSecrets.js';
import type { CredentialUse } from './composeSecrets.js';
import type { Finding, Plugin, PluginSurroundings } from './plugins/plugin.js';
import type { Ids, Log } from './ports.js';
import { createPlacedFiles } from './schedule/places/files.js';
import { createRunPlaces } from './schedule/places/places.js';
import type { Buckets, PlacedFiles, RunPlaces, SharedNotebooks } from './schedule/places/ports.js';
import type { LibraryService } from './share/library/service.js';

interface Surroundings {
  config: Config;
  log: Log;
  /** The folder of the bundled programs. */
  programs: string;
  /** Absent: composed where the configuration refers to a profile. */
  credentials?: CredentialUse | undefined;
}

export interface PlacesParts extends Surroundings {
  library: Pick<LibraryService, 'get' | 'notebook'>;
}

/** Notebooks and outputs elsewhere, as the configuration allows them. */
export interface ComposedPlaces extends RunPlaces {
  close(): Promise<void>;
}

/** Composes the Library and the buckets of the configuration as places of schedules. Nothing is loaded before it is named. */
export function composePlaces(parts: PlacesParts): ComposedPlaces {
  let opened: Promise<Buckets> | undefined;
  const buckets = (): Promise<Buckets> => {
    opened ??= openBuckets(parts);
    // What is wrong with the configuration may be put right while this process lives.
    opened.catch(() => (opened = undefined));
    return opened;
  };
  const places = createRunPlaces({
    shared: sharedNotebooks(parts.library),
    buckets,
    maxBytes: parts.config.maxNotebookBytes
  });
  return {
    ...places,
    async close() {
      await (await opened?.catch(() => undefined))?.close();
    }
  };
}

/** The files of schedules below a root, and their outputs elsewhere. */
export function composePlacedFiles(
  { config, ids, root }: { config: Config; ids: Ids; root: Root },
  places: RunPlaces
): PlacedFiles {
  return createPlacedFiles({
    files: createScheduleFiles(root, pinnedFolder(config)),
    places,
    directory: join(config.home, 'outputs'),
    clock: systemClock,
    ids
  });
}

/** What the buckets of the configuration find out about themselves; nothing where there are none. */
export async function checkPlaces(surroundings: Surroundings): Promise<Finding[]> {
  const found = await chosen(surroundings);
  return (await found?.plugin.check?.(found.settings, found.around)) ?? [];
}

async function openBuckets(surroundings: Surroundings): Promise<Buckets> {
  const found = await chosen(surroundings);
  if (found !== undefined) return found.plugin.create(found.settings, found.around);
  throw new ProblemError(
    'invalid',
    's3:// cannot be used here: the configuration of this server names no buckets. Ask whoever runs it to add the section places (docs/operators/object-storage.md), or name a folder.'
  );
}

async function chosen(
  surroundings: Surroundings
): Promise<{ plugin: Plugin<'run-places'>; settings: object; around: PluginSurroundings } | undefined> {
  const { config, log } = surroundings;
  const configuration = await composeConfiguration(surroundings);
  const settings = configuration?.places?.['s3'];
  if (configuration === undefined || settings === undefined) return undefined;
  refuseLibrary(configuration, settings);
  return {
    plugin: configuration.registry.find('run-places', 's3'),
    settings,
    around: {
      log,
      clock: systemClock,
      ...(await composeSecrets(surroundings)),
      cacheDirectory: join(config.home, 'cache', 'storage'),
      settings: `places.s3 in ${configuration.origin.places ?? ''}`
    }
  };
}

interface Part {
  bucket?: string;
  prefix?: string;
  endpoint?: string;
}

/** The archive of the Library has rules of who reads what, which a place of schedules would go round. */
function refuseLibrary({ library, origin }: Configuration, settings: Part & { buckets?: Part[] }): void {
  const archive: Part & { kind?: string } = library ?? {};
  if (archive.kind !== 's3' || archive.endpoint !== settings.endpoint) return;
  const root = ({ prefix = '' }: Part): string => prefix.replace(/\/*$/, prefix === '' ? '' : '/');
  for (const each of settings.buckets ?? []) {
    const isApart = !root(each).startsWith(root(archive)) && !root(archive).startsWith(root(each));
    if (each.bucket !== archive.bucket || isApart) continue;
    throw new ProblemError(
      'invalid',
      `places.s3 in ${origin.places ?? ''} names the part of the bucket ${each.bucket ?? ''} in which the Library lies. Give places.s3 a bucket or a prefix of its own.`
    );
  }
}

/** The Library as schedules read it: what its own pages give to the same person. */
function sharedNotebooks(library: PlacesParts['library']): SharedNotebooks {
  return {
    async read(caller, notebookId, version, signal = new AbortController().signal) {
      const { title, deletedAt, versionList, versions, versionId } = await library.get(caller, notebookId);
      if (deletedAt !== undefined) {
        throw new ProblemError('not-found', `"${title}" was taken out of the Library. Restore it there first.`);
      }
      const found =
        version === undefined
          ? versionId
          : versionList.find(each => each.versionId === version || String(each.number) === version)?.versionId;
      if (found === undefined) {
        throw new ProblemError('not-found', `"${title}" has no version ${version ?? ''}. It has 1 to ${versions}.`);
      }
      const address = { notebookId, versionId: found };
      const { stream } = await library.notebook(caller, address, { fork: true }, signal);
      return { title, versionId: found, content: stream };
    }
  };
}
