import bs58 from 'bs58';
import { invalidParams, RPC, RpcError } from './rpcError.ts';
import { type Commitment, commitmentOr, type SlotClock } from './slots.ts';

/** A parameter object whose fields nobody has checked yet. */
export type Config = { [field: string]: unknown };

const kind = (value: unknown): string =>
  value === null || value === undefined ? 'null' : Array.isArray(value) ? 'sequence' : typeof value;

/** The positional parameters of one call, each read by kind. Every reader throws -32602 naming what is wrong. */
export class Params {
  readonly list: readonly unknown[];

  constructor(given: unknown, max: number) {
    if (given === undefined || given === null) this.list = [];
    else if (Array.isArray(given)) this.list = given;
    else throw invalidParams('Invalid params: `params` must be an array');
    if (this.list.length > max) {
      throw invalidParams(`Invalid parameters: Expected at most ${max} arguments, got ${this.list.length}`);
    }
  }

  required(index: number): unknown {
    if (index >= this.list.length) {
      throw invalidParams(`\`params\` should have at least ${index + 1} argument(s)`);
    }
    return this.list[index];
  }

  string(index: number, name: string, maxLength: number): string {
    const value = this.required(index);
    if (typeof value !== 'string') {
      throw invalidParams(`Invalid params: invalid type: ${kind(value)}, expected a string (${name}).`);
    }
    if (value.length > maxLength) {
      throw invalidParams(`Invalid param: ${name} has ${value.length} characters (max: ${maxLength})`);
    }
    return value;
  }

  integer(index: number, name: string, max: number): number {
    return integer(this.required(index), name, max);
  }

  address(index: number, name = 'pubkey'): string {
    return address(this.required(index), name);
  }

  signature(index: number): string {
    return signature(this.required(index));
  }

  array(index: number, name: string, max: number): unknown[] {
    const value = this.required(index);
    if (!Array.isArray(value)) {
      throw invalidParams(`Invalid params: invalid type: ${kind(value)}, expected a sequence (${name}).`);
    }
    if (value.length > max) throw invalidParams(`Too many inputs provided; max ${max}`);
    return value;
  }

  /** An optional object; an absent one has no fields. */
  config(index: number): Config {
    return config(this.list[index], `argument ${index + 1}`);
  }
}

export function config(value: unknown, name: string): Config {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw invalidParams(`Invalid params: invalid type: ${kind(value)}, expected an object (${name}).`);
  }
  return value as Config;
}

export function integer(value: unknown, name: string, max = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw invalidParams(`Invalid params: ${name} must be an integer from 0 to ${max}, not ${shown(value)}.`);
  }
  if (value > max) throw invalidParams(`Invalid params: ${name} is ${value} (max: ${max})`);
  return value;
}

export function flag(value: unknown, name: string, fallback: boolean): boolean {
  if (value === undefined || value === null) return fallback;
  if (typeof value !== 'boolean') {
    throw invalidParams(`Invalid params: invalid type: ${kind(value)}, expected a boolean (${name}).`);
  }
  return value;
}

/** A base58 address, with agave's own words when it is none. */
export function address(value: unknown, name: string): string {
  if (typeof value !== 'string') {
    throw invalidParams(`Invalid params: invalid type: ${kind(value)}, expected a string (${name}).`);
  }
  return base58(value, 32, 44);
}

export function signature(value: unknown): string {
  if (typeof value !== 'string') {
    throw invalidParams(`Invalid params: invalid type: ${kind(value)}, expected a string (signature).`);
  }
  return base58(value, 64, 88);
}

function base58(text: string, bytes: number, maxLength: number): string {
  if (text.length > maxLength) throw invalidParams('Invalid param: WrongSize');
  const decoded = bs58.decodeUnsafe(text);
  if (!decoded) throw invalidParams('Invalid param: Invalid');
  if (decoded.length !== bytes) throw invalidParams('Invalid param: WrongSize');
  return text;
}

/** The slot that a read at the asked commitment sees, checked against `minContextSlot`. */
export function contextSlot(clock: SlotClock, given: Config, fallback: Commitment = 'finalized'): number {
  const slot = clock.at(commitmentOr(given.commitment, fallback));
  if (given.minContextSlot !== undefined && given.minContextSlot !== null) {
    if (integer(given.minContextSlot, 'minContextSlot') > slot) {
      throw new RpcError(RPC.minContextSlot, 'Minimum context slot has not been reached', {
        contextSlot: slot,
      });
    }
  }
  return slot;
}

function shown(value: unknown): string {
  return typeof value === 'number' || typeof value === 'string'
    ? JSON.stringify(value).slice(0, 40)
    : kind(value);
}
