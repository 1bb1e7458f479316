import type { PublishRequest, ShareResult } from '../../../contract/share/index.js';
import type { GateVerdict, WriteCount, VersionManifest } from '../archive/types.js';
import type { ArchiveEvent, FileLocation, NotebookFacts, Place } from '../ports.js';

/** What a share job is asked. */
export interface ShareInput {
  request: PublishRequest;
  /** Where the notebook was found: a path may mean something else in the process that resumes the job. */
  location: FileLocation;
}

/** Where the bytes that are shared came from. They lie in the folder of the share, whatever becomes of the file. */
export interface Taken {
  place: Place;
  /** Size and time of last change of the file they were read from; undefined for an upload. */
  file: { size: number; modified: number } | undefined;
}

/** A commit, complete before the first object that makes it is written, so that it can be finished by any process. */
export interface Commit {
  /** What the page's latest event was when this was decided. If it is another one by now, it is decided anew. */
  basis: string | undefined;
  /** A new version; undefined where only events are written. */
  manifest: VersionManifest | undefined;
  /** Appended in this order; the last one is the commit. */
  events: ArchiveEvent[];
  outcome: ShareResult['outcome'];
  count: WriteCount;
  notes: string[];
}

/** What passed the secret gate. */
export interface Gated {
  /** Of what is published: nothing in them is a secret that the gate knows. */
  facts: NotebookFacts;
  gate: {
    /** Name of the file in the folder of the share that is published: what was taken, or a copy without its secrets. */
    file: string;
    /** Content hash of what was taken. */
    sourceHash: string;
    verdict?: GateVerdict;
  };
}

/** How far a share got. Stored after each step that a resumed share need not repeat. */
export interface Checkpoint {
  taken?: Taken;
  notebookId?: string;
  facts?: NotebookFacts;
  gate?: Gated['gate'];
  commit?: Commit;
}
