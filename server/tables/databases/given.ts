/** Whether there is a value: databases say null, and rows may be shorter than expected. */
export const given = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;
