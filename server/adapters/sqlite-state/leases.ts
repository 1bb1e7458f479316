import type { Leases } from '../../jobs/ports.js';
import type { Connection } from './connection.js';

/**
 * Leases as rows.
 *
 * @param isGone - whether a holder is surely dead, so that its leases are free before they run out
 */
export function createLeases(connection: Connection, isGone: (holder: string) => boolean): Leases {
  return {
    take: (name, holder, until, now) =>
      connection.note(() => {
        const row = connection.sql('SELECT holder, until FROM leases WHERE name = ?').get(name);
        const other = row?.['holder'];
        if (typeof other === 'string' && other !== holder && Number(row?.['until']) > now && !isGone(other))
          return false;
        connection
          .sql(
            `INSERT INTO leases (name, holder, until) VALUES (?, ?, ?)
             ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until`
          )
          .run(name, holder, until);
        return true;
      }),
    release: (name, holder) =>
      connection.note(() => {
        connection.sql('DELETE FROM leases WHERE name = ? AND holder = ?').run(name, holder);
      })
  };
}
