import type { AccountState } from './vm.ts';

interface Version {
  /** The slot in which the account stopped being this. */
  until: number;
  state: AccountState | null;
}

/**
 * Every account that transactions have written, by address, with what it was in the slots that are not yet
 * final: a read at the commitment `finalized` sees the past, as on a real cluster.
 */
export class AccountStore {
  private readonly states = new Map<string, AccountState>();
  private readonly owned = new Map<string, Set<string>>();
  /** Oldest first. */
  private readonly past = new Map<string, Version[]>();
  private dataBytes = 0;

  get size(): number {
    return this.states.size;
  }

  get bytes(): number {
    return this.dataBytes;
  }

  get(address: string): AccountState | null {
    return this.states.get(address) ?? null;
  }

  /** Whether the store has ever held the address within what is remembered. */
  knows(address: string): boolean {
    return this.states.has(address) || this.past.has(address);
  }

  /** The account as it was at the end of `slot`. */
  at(address: string, slot: number): AccountState | null {
    const versions = this.past.get(address);
    if (versions) for (const v of versions) if (v.until > slot) return v.state;
    return this.get(address);
  }

  /** Writes an account; no lamports means that it is gone. `slot` keeps what was before for readers of the past. */
  set(address: string, next: AccountState, slot?: number): void {
    const before = this.states.get(address) ?? null;
    if (slot !== undefined) {
      const versions = this.past.get(address) ?? [];
      if (versions.at(-1)?.until !== slot) versions.push({ until: slot, state: before });
      this.past.set(address, versions);
    }
    if (before) {
      this.dataBytes -= before.data.length;
      this.unlink(before.owner, address);
    }
    if (next.lamports === 0n) {
      this.states.delete(address);
      return;
    }
    this.states.set(address, next);
    this.dataBytes += next.data.length;
    const owned = this.owned.get(next.owner);
    if (owned) owned.add(address);
    else this.owned.set(next.owner, new Set([address]));
  }

  /** Accounts of a program as of `slot`. */
  *ownedBy(owner: string, slot: number): Generator<[string, AccountState]> {
    for (const address of this.owned.get(owner) ?? []) {
      const state = this.at(address, slot);
      if (state?.owner === owner) yield [address, state];
    }
    for (const address of this.past.keys()) {
      if (this.owned.get(owner)?.has(address)) continue;
      const state = this.at(address, slot);
      if (state?.owner === owner) yield [address, state];
    }
  }

  /** Forgets what nobody can ask for any more: versions that ended in or before the final slot. */
  prune(finalSlot: number): void {
    for (const [address, versions] of this.past) {
      while (versions.length > 0 && versions[0].until <= finalSlot) versions.shift();
      if (versions.length === 0) this.past.delete(address);
    }
  }

  /** All accounts now; the states are immutable, so the list stays true to this moment. */
  entries(): [string, AccountState][] {
    return [...this.states];
  }

  private unlink(owner: string, address: string): void {
    const owned = this.owned.get(owner);
    owned?.delete(address);
    if (owned?.size === 0) this.owned.delete(owner);
  }
}
