/** What publishing outputs needs from outside. Types only. */
import type { Published } from '../../../contract/schedule/index.js';

/** The output of a run that goes onto the page of the notebook that ran. */
export interface PublishOrder {
  /** The same again is the same publication. */
  opId: string;
  owner: string;
  /** `library`, or a wiki of the configuration. */
  target: string;
  /** Absent: as the page is. */
  hideCode?: true;
  /** The notebook that ran, whose page it is: a folder of this machine, and a contents path below it. */
  root: string;
  notebook: string;
  /** Absolute path of the output. */
  output: string;
  /** What the page says of where its outputs are from. */
  run: { id: string; schedule: string; at: string };
}

/** Shares outputs. Composed from the service that people share with. */
export interface Publisher {
  /**
   * Publishes, and waits until that ended.
   *
   * @throws ProblemError why it could not be; the reason of the signal, and then it is still under way
   */
  publish(order: PublishOrder, signal: AbortSignal): Promise<Omit<Published, 'state' | 'reason'>>;
}
