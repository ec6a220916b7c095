import { sql } from 'drizzle-orm';
import { bigint, customType } from 'drizzle-orm/pg-core';

/** Kinds of columns that Drizzle has not, or not so. */

export const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({
  dataType: () => 'bytea',
  fromDriver: (value) => new Uint8Array(value),
});

/** Eight u32 counters. Drivers give bigint elements as numbers, bigints or strings. */
export const counters = customType<{ data: number[]; driverData: unknown }>({
  dataType: () => 'bigint[]',
  toDriver: (value) => `{${value.join(',')}}`,
  fromDriver: (value) =>
    (Array.isArray(value) ? value : String(value).replace(/[{}]/g, '').split(',')).map(Number),
});

/** A bigint within what a number holds exactly. */
export const big = (name: string) => bigint(name, { mode: 'number' });
export const zero = sql`'{0,0,0,0,0,0,0,0}'`;
