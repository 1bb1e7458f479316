import type { Caller } from '../../ports.js';
import type { ScheduleFiles } from '../ports.js';

/** A notebook of the Library as schedules know it. */
export interface SharedNotebook {
  title: string;
  /** Id of the version that was meant. */
  versionId: string;
  content: AsyncIterable<Uint8Array>;
}

/** The Library, as far as schedules read it. */
export interface SharedNotebooks {
  /**
   * A version as somebody may read it.
   *
   * @param version - number or id; the newest where absent
   * @throws ProblemError `not-found` where there is none for them
   */
  read(
    caller: Caller,
    notebookId: string,
    version: string | undefined,
    signal: AbortSignal | undefined
  ): Promise<SharedNotebook>;
}

/** What somebody wants to do with an object. Who may write may read, too. */
export type Right = 'read' | 'write';

/** Which object. `key` has no slash at its beginning. */
export interface ObjectPlace {
  bucket: string;
  key: string;
}

/** Objects in the buckets that the configuration names, and in no others. */
export interface Buckets {
  /**
   * Refuses what the configuration does not allow. Asks no server.
   *
   * @param place - where `key` holds macros, what is before the first must decide
   * @throws ProblemError `invalid`
   */
  allow(place: ObjectPlace, right: Right): void;
  /**
   * Brings an object into a file, durably. Where that fails there is no file.
   *
   * @returns the SHA-256 of its bytes in hex; undefined where there is no such object
   * @throws ProblemError `invalid`, `too-large`, `storage-refused`, `storage-unreachable`, those of the disk
   */
  fetch(
    place: ObjectPlace,
    file: string,
    options: { maxBytes: number; signal?: AbortSignal | undefined }
  ): Promise<string | undefined>;
  /**
   * Puts a file in the place of an object, whole or not at all. Durable in the bucket, and looked at there, when it
   * resolves.
   *
   * @throws ProblemError `invalid`, `storage-refused`, `storage-full`, `storage-unreachable`
   */
  store(place: ObjectPlace, file: string, options: { signal?: AbortSignal | undefined }): Promise<void>;
  close(): Promise<void>;
}

/** A notebook from elsewhere as a file of this machine. */
export interface FetchedNotebook {
  file: string;
  /** What exactly it is: `share://<id>@<version id>`, `s3://<bucket>/<key>#sha256=<hex>`. */
  source: string;
  /** What people call it. */
  title: string;
}

/** Notebooks and outputs that lie elsewhere than in folders of this machine. */
export interface RunPlaces {
  /**
   * Brings a notebook here.
   *
   * @param reference - `share://…` or `s3://…`
   * @param folder - exists, is empty, and belongs to this call
   * @throws ProblemError `invalid` where it names nothing that this caller may run, `not-a-notebook`, `too-large`, those
   * of the storage
   */
  fetch(caller: Caller, reference: string, folder: string, signal?: AbortSignal): Promise<FetchedNotebook>;
  /**
   * Refuses a template of output places below which nothing can be written.
   *
   * @throws ProblemError `invalid`
   */
  mayWrite(template: string): Promise<void>;
  /**
   * Puts the files of a folder to their place, `run.json` last: where that is, the others are whole. Durable there when
   * it resolves. Does nothing where the place is a folder of this machine.
   *
   * @throws ProblemError of the storage; the reason of the signal
   */
  deliver(place: string, folder: string, signal?: AbortSignal): Promise<void>;
  /**
   * Brings the files that were put to a place into an empty folder.
   *
   * @returns false where there are none
   */
  recall(place: string, folder: string): Promise<boolean>;
}

/** Files of schedules, also where the place of an output is elsewhere: then it is written here first. */
export interface PlacedFiles extends ScheduleFiles {
  /**
   * Puts what an attempt left to its place; resolves when it is durable there.
   *
   * @throws ProblemError of the storage; the reason of the signal. What is here stays
   */
  deliver(root: string, place: string, signal?: AbortSignal): Promise<void>;
  /** Removes copies of what was put elsewhere some days ago. */
  tidy(): Promise<void>;
}
