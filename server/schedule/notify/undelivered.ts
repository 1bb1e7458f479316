/** A notice that a channel did not take. */
export class Undelivered extends Error {
  /**
   * @param sentence - why, without any secret
   * @param isPassing - whether it may go well later
   * @param retryAfter - seconds the other side asks to wait
   */
  constructor(
    sentence: string,
    readonly isPassing: boolean,
    readonly retryAfter?: number,
    options?: ErrorOptions
  ) {
    super(sentence, options);
    this.name = 'Undelivered';
  }
}
