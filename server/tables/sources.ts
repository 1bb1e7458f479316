import type { Source } from '../../contract/tables/index.js';
import type { Finding } from '../ports.js';
import type { TableSource } from './ports.js';

/** A source of the configuration, or the embedded one. */
export interface ConfiguredSource extends Omit<Source, 'index'> {
  /** Stands for its settings without secrets: whoever has the same reads the same. */
  fingerprint: string;
}

/** The sources that there are; the composition makes them from the configuration. */
export interface Sources {
  /** @throws ProblemError `invalid` where the configuration cannot be read and never could */
  list(): Promise<ConfiguredSource[]>;
  /** Makes one. @throws ProblemError what is wrong with its settings or secrets */
  make(id: string): Promise<TableSource>;
  /** Tries one. @throws ProblemError `not-found`; what is wrong with it */
  check(id: string, signal: AbortSignal): Promise<Finding[]>;
  /**
   * Tries settings that are not saved.
   *
   * @throws ProblemError `invalid` naming the fields that are not right
   */
  test(settings: Record<string, unknown>, signal: AbortSignal): Promise<Finding[]>;
  /**
   * Writes a source into the person's own configuration file.
   *
   * @throws ProblemError `invalid` naming fields; `conflict` where the name is taken or the organisation's file has the
   * section
   */
  add(id: string, settings: Record<string, unknown>): Promise<void>;
}
