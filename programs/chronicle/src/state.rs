//! The program's accounts. Each changes only by its own methods; others read them by `proof`.
use anchor_lang::{address_eq, prelude::*};
use bytemuck::{Pod, Zeroable};
use proof::{zone as layout, EpochHeader};

use crate::{ChronicleError, CHALLENGE_SECONDS, LATE_SECONDS, MAX_MARKED};

/// Stands where there is no key.
pub const NOBODY: Address = Address::new_from_array([0; 32]);

/// A published epoch.
#[derive(Clone, Copy, Pod, Zeroable, IdlType)]
#[repr(C)]
pub struct Entry {
    pub root: [u8; 32],
    pub hash: [u8; 32],
    /// When it was published, Unix seconds.
    pub time: i64,
    pub epoch: u32,
    /// Leaves under the root.
    pub leaves: u32,
    pub first_tick: u32,
    /// 0: no entry.
    pub ticks: u32,
}

/// A zone and its recent epochs. Its layout is read in place by `proof::zone`.
#[account]
pub struct Zone {
    /// Holds the bond and names the operator.
    pub authority: Address,
    /// Publishes.
    pub operator: Address,
    /// Lamports of this account beyond its rent that others can win.
    pub bond: u64,
    /// When the last epoch was published, Unix seconds.
    pub last_time: i64,
    /// When the authority asked for its bond, Unix seconds; 0: it did not.
    pub leaving_since: i64,
    /// Hash of the last header; zeros before the first.
    pub last_hash: [u8; 32],
    /// SHA-256 of the world after the last epoch.
    pub last_world: [u8; 32],
    pub zone: u32,
    /// What every decision of this zone draws its chance from.
    pub world_seed: u32,
    /// The number after the last epoch's.
    pub next_epoch: u32,
    /// The tick after the last epoch's.
    pub next_tick: u32,
    pub published: u32,
    /// Epoch numbers that were left out.
    pub missed: u32,
    /// Epochs published more than 120 seconds after the one before.
    pub late: u32,
    /// Epochs proven wrong, and which.
    pub marks: u32,
    pub marked: [u32; 16],
    pub bump: u8,
    pub unused: [u8; 3],
    /// The first one published here; what it links to was never anyone's to challenge.
    pub first_epoch: u32,
    /// Epoch e lies at e mod 64.
    pub ring: [Entry; 64],
}

/// An epoch older than the ring. Its layout is read in place by `proof::recall`.
#[account]
pub struct Recall {
    pub zone: Address,
    pub root: [u8; 32],
    pub hash: [u8; 32],
    /// Hash of the header before it.
    pub previous: [u8; 32],
    pub payer: Address,
    pub epoch: u32,
    pub leaves: u32,
    pub first_tick: u32,
    pub ticks: u32,
}

impl Zone {
    pub fn require_authority(&self, signer: &Address) -> Result<()> {
        require!(address_eq(&self.authority, signer), ChronicleError::WrongAuthority);
        Ok(())
    }

    /// As `proof::ZoneView::stands`.
    pub fn stands(&self) -> bool {
        self.bond >= layout::MIN_BOND && self.leaving_since == 0 && self.marks < MAX_MARKED
    }

    pub fn set_operator(&mut self, operator: Address) -> Result<()> {
        require!(!address_eq(&operator, &NOBODY), ChronicleError::NoOperator);
        self.operator = operator;
        Ok(())
    }

    pub fn add_bond(&mut self, lamports: u64) -> Result<()> {
        self.bond = self.bond.checked_add(lamports).ok_or(ChronicleError::Overflow)?;
        Ok(())
    }

    /// The whole bond, which is then none.
    pub fn take_bond(&mut self) -> u64 {
        core::mem::take(&mut self.bond)
    }

    /// Appends an epoch, or refuses and changes nothing.
    pub fn publish(&mut self, header: &EpochHeader, now: i64) -> Result<()> {
        require!(self.stands(), ChronicleError::NotStanding);
        require!(header.zone() == self.zone, ChronicleError::OtherZone);
        let epoch = header.epoch();
        let missed = epoch.checked_sub(self.next_epoch).ok_or(ChronicleError::EpochPublished)?;
        let first = self.published == 0;
        // a world may be older than its zone here: what its first header links to is its own affair
        require!(first || *header.previous() == self.last_hash, ChronicleError::NotLinked);
        require!(header.first_tick() >= self.next_tick, ChronicleError::TickOrder);
        if missed == 0 && !first {
            // a world that was changed from outside leaves a number out, for all to see
            let follows = header.first_tick() == self.next_tick && *header.world_before() == self.last_world;
            require!(follows, ChronicleError::WorldBroken);
        }
        let ring = epoch as usize % layout::RING;
        let old = self.ring[ring];
        let challengeable = old.ticks != 0 && now < old.time.saturating_add(CHALLENGE_SECONDS);
        require!(!challengeable, ChronicleError::RingFull);

        if first {
            self.first_epoch = epoch;
        } else {
            self.missed = self.missed.saturating_add(missed);
            if now > self.last_time.saturating_add(LATE_SECONDS) {
                self.late = self.late.saturating_add(1);
            }
        }
        let hash = header.hash();
        self.next_epoch = epoch.checked_add(1).ok_or(ChronicleError::Overflow)?;
        self.next_tick = header.last_tick().checked_add(1).ok_or(ChronicleError::Overflow)?;
        self.published = self.published.saturating_add(1);
        self.last_time = now;
        self.last_hash = hash;
        self.last_world = *header.world_after();
        self.ring[ring] = Entry {
            root: *header.root(),
            hash,
            time: now,
            epoch,
            leaves: header.leaves,
            first_tick: header.first_tick(),
            ticks: header.ticks,
        };
        Ok(())
    }

    pub fn require_markable(&self, epoch: u32) -> Result<()> {
        let marks = self.marks as usize;
        require!(marks < self.marked.len(), ChronicleError::TooManyMarks);
        require!(!self.marked[..marks].contains(&epoch), ChronicleError::Marked);
        Ok(())
    }

    pub fn mark(&mut self, epoch: u32) -> Result<()> {
        self.require_markable(epoch)?;
        self.marked[self.marks as usize] = epoch;
        self.marks += 1;
        Ok(())
    }

    /// Does the ring hold this very header?
    pub fn holds(&self, header: &EpochHeader) -> bool {
        let entry = &self.ring[header.epoch() as usize % layout::RING];
        entry.ticks != 0 && entry.epoch == header.epoch() && entry.hash == header.hash()
    }
}

impl Recall {
    /// Steps back to the header that this one names. Errors: it is another, or was not published here.
    pub fn step(&mut self, header: &EpochHeader, zone: &Zone) -> Result<()> {
        require!(header.hash() == self.previous, ChronicleError::BrokenChain);
        require!(header.epoch() >= zone.first_epoch, ChronicleError::BeforeFirst);
        self.set(header);
        Ok(())
    }

    pub fn set(&mut self, header: &EpochHeader) {
        self.root = *header.root();
        self.hash = header.hash();
        self.previous = *header.previous();
        self.epoch = header.epoch();
        self.leaves = header.leaves;
        self.first_tick = header.first_tick();
        self.ticks = header.ticks;
    }
}

const _: () = {
    use core::mem::{offset_of, size_of};
    assert!(size_of::<Zone>() + 8 == layout::ZONE_BYTES);
    assert!(size_of::<Entry>() == layout::ENTRY_BYTES);
    assert!(offset_of!(Zone, authority) + 8 == layout::AUTHORITY);
    assert!(offset_of!(Zone, operator) + 8 == layout::OPERATOR);
    assert!(offset_of!(Zone, bond) + 8 == layout::BOND);
    assert!(offset_of!(Zone, leaving_since) + 8 == layout::LEAVING_SINCE);
    assert!(offset_of!(Zone, zone) + 8 == layout::ZONE);
    assert!(offset_of!(Zone, world_seed) + 8 == layout::WORLD_SEED);
    assert!(offset_of!(Zone, marks) + 8 == layout::MARKS);
    assert!(offset_of!(Zone, marked) + 8 == layout::MARKED);
    assert!(offset_of!(Zone, ring) + 8 == layout::ENTRIES);
    assert!(size_of::<Recall>() + 8 == proof::recall::RECALL_BYTES);
    assert!(offset_of!(Recall, epoch) + 8 == 168);
    let (id, theirs) = (crate::ID.as_array(), &layout::CHRONICLE_ID);
    let mut i = 0;
    while i < 32 {
        assert!(id[i] == theirs[i]);
        i += 1;
    }
    let mut i = 0;
    while i < 8 {
        assert!(Zone::DISCRIMINATOR[i] == layout::DISCRIMINATOR[i]);
        assert!(Recall::DISCRIMINATOR[i] == proof::recall::DISCRIMINATOR[i]);
        i += 1;
    }
};
