import type { JobStore, Leases } from '../../jobs/ports.js';
import type { Clock } from '../../ports.js';
import type { Outbox } from '../../schedule/notify/ports.js';
import type { ScheduleStore } from '../../schedule/ports.js';
import type { Bindings, GateMemory } from '../../share/ports.js';
import { createBindings } from './bindings.js';
import { connect } from './connection.js';
import type { Connection } from './connection.js';
import { createGateMemory } from './gate.js';
import { createJobStore } from './jobs.js';
import { createLeases } from './leases.js';
import { migrate, migrations, refuseNewer, versionOf } from './migrations.js';
import { createOutbox } from './outbox/index.js';
import { createScheduleStore } from './schedules/index.js';

export interface StateOptions {
  /** Path of `state.db`; its folder exists. `:memory:` for a state that ends with the process. */
  file: string;
  clock: Clock;
  /** Whether a worker or lease holder is surely dead: then what it held is free at once. Default: never sure. */
  isGone?: (holder: string) => boolean;
}

/** What a home is doing: jobs, leases, bindings, schedules and their runs, and what its secret gate was told. The truth about them; the archive holds everything else. */
export interface State {
  jobs: JobStore;
  leases: Leases;
  bindings: Bindings;
  gate: GateMemory;
  schedules: ScheduleStore;
  /** What follows runs: who is told, and what is published. */
  outbox: Outbox;
  close(): void;
}

/**
 * Opens the state of a home. Many processes may have it open.
 *
 * @throws ProblemError `storage-full`, `storage-read-only`; `unavailable` where a newer Lakeside has used it
 */
export function openState({ file, clock, isGone = () => false }: StateOptions): State {
  const connection = connect(file);
  try {
    migrate(connection);
  } catch (error) {
    connection.close();
    throw error;
  }
  // A newer Lakeside may upgrade the tables while this process runs.
  const checked =
    <T>(work: () => T) =>
    (): T => {
      refuseNewer(connection, versionOf(connection), migrations.length);
      return work();
    };
  const guarded: Connection = {
    ...connection,
    write: work => connection.write(checked(work)),
    note: work => connection.note(checked(work))
  };
  return {
    jobs: createJobStore(guarded, isGone),
    leases: createLeases(guarded, isGone),
    bindings: createBindings(guarded, clock),
    gate: createGateMemory(guarded),
    schedules: createScheduleStore(guarded, isGone),
    outbox: createOutbox(guarded, isGone),
    close: () => connection.close()
  };
}
