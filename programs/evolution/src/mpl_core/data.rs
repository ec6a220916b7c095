//! The data of Core's instructions, in Borsh.
use alloc::vec::Vec;

use anchor_lang::prelude::*;

use super::ROYALTIES;
use crate::{Share, Symbiont, BRANCHES, MAX_NAME, MAX_SHARES, MAX_STEPS, MAX_URI};

const CREATE: u8 = 0;
const CREATE_COLLECTION: u8 = 1;
const ADD_COLLECTION_PLUGIN: u8 = 3;
const UPDATE_PLUGIN: u8 = 6;
const UPDATE_COLLECTION_PLUGIN: u8 = 7;
const UPDATE: u8 = 15;
const UPDATE_COLLECTION: u8 = 16;
const ATTRIBUTES: u8 = 6;
/// The rule set of royalties that hinders nobody.
const NO_RULES: u8 = 0;
const NONE: u8 = 0;
const SOME: u8 = 1;

/// A collection without plugins; its update authority is named among the accounts.
pub fn create_collection_data(name: &str, uri: &str) -> Data {
    let mut out = Data::new();
    out.put(&[CREATE_COLLECTION]);
    out.string(name.as_bytes());
    out.string(uri.as_bytes());
    out.put(&[NONE]);
    out
}

/// An asset with its attributes. They are the update authority's to write, which of an asset in a
/// collection is the collection's: the config.
pub fn create_data(name: &str, uri: &str, symbiont: &Symbiont) -> Data {
    let mut out = Data::new();
    out.put(&[CREATE, 0]);
    out.string(name.as_bytes());
    out.string(uri.as_bytes());
    out.put(&[SOME, 1, 0, 0, 0]);
    out.attributes(symbiont);
    out.put(&[NONE]);
    out
}

/// A collection's new name and URI; its update authority stays.
pub fn update_collection_data(name: &str, uri: &str) -> Data {
    let mut out = Data::new();
    out.put(&[UPDATE_COLLECTION, SOME]);
    out.string(name.as_bytes());
    out.put(&[SOME]);
    out.string(uri.as_bytes());
    out
}

/// A collection's royalties, instead of those it has or as its first.
pub fn royalties_data(basis_points: u16, shares: &[Share], has: bool) -> Data {
    let mut out = Data::new();
    out.put(&[if has { UPDATE_COLLECTION_PLUGIN } else { ADD_COLLECTION_PLUGIN }, ROYALTIES]);
    out.put(&basis_points.to_le_bytes());
    out.put(&(shares.len() as u32).to_le_bytes());
    for share in shares {
        out.put(share.address.as_array());
        out.put(&[share.percentage]);
    }
    out.put(&[NO_RULES]);
    if !has {
        out.put(&[NONE]);
    }
    out
}

/// A new URI; name and update authority stay.
pub fn update_data(uri: &[u8]) -> Data {
    let mut out = Data::new();
    out.put(&[UPDATE, NONE, SOME]);
    out.string(uri);
    out.put(&[NONE]);
    out
}

/// New attributes.
pub fn update_attributes_data(symbiont: &Symbiont) -> Data {
    let mut out = Data::new();
    out.put(&[UPDATE_PLUGIN]);
    out.attributes(symbiont);
    out
}

/// An attribute's key with its length before it, as Borsh has it.
macro_rules! key {
    ($name:literal) => {{
        const KEY: [u8; $name.len() + 4] = {
            let mut key = [0; $name.len() + 4];
            key[0] = $name.len() as u8;
            let mut i = 0;
            while i < $name.len() {
                key[i + 4] = $name.as_bytes()[i];
                i += 1;
            }
            key
        };
        &KEY
    }};
}

/// "00" to "99".
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut i = 0;
    while i < 100 {
        pairs[i] = [b'0' + (i / 10) as u8, b'0' + (i % 10) as u8];
        i += 1;
    }
    pairs
};

/// Deed counters at their greatest, with the commas between them. Every text of deeds has this length,
/// spaces at its end: what never grows needs no rent later, and saves Core a resize at each evolution.
const DEEDS_TEXT: usize = 8 * 10 + 7;
/// More than the longest instruction: a mint with the longest name and URI, its five attributes with the
/// greatest numbers, and less than 64 bytes besides. So nothing is ever cut short.
const CAPACITY: usize = 1024;
const _: () = assert!(
    4 + MAX_NAME as usize + 4 + MAX_URI as usize + 5 * (4 + 7 + 4) + 2 + DEEDS_TEXT + 2 * 64 + 64
        < CAPACITY
);
const _: () = assert!(2 + 2 + 4 + MAX_SHARES as usize * 33 + 2 < CAPACITY);

const _: () = assert!(MAX_STEPS < 10 && BRANCHES < 10);

/// An instruction's data, written front to back. Sizes are mostly known when compiling, so that a
/// part is a few stores without checks; hence no `Vec`.
pub struct Data {
    /// Of this capacity; only the first `len` bytes are written.
    bytes: Vec<u8>,
    len: usize,
}

impl Data {
    fn new() -> Self {
        Self { bytes: Vec::with_capacity(CAPACITY), len: 0 }
    }

    pub fn written(&self) -> &[u8] {
        // SAFETY: that many bytes were written.
        unsafe { core::slice::from_raw_parts(self.bytes.as_ptr(), self.len) }
    }

    #[inline(always)]
    fn put<const N: usize>(&mut self, part: &[u8; N]) {
        // SAFETY: name and URI are checked before they come here, so that all parts of an instruction
        // fit into CAPACITY (asserted above).
        unsafe { self.bytes.as_mut_ptr().add(self.len).cast::<[u8; N]>().write_unaligned(*part) };
        self.len = self.len.wrapping_add(N);
    }

    fn string(&mut self, text: &[u8]) {
        self.put(&(text.len() as u32).to_le_bytes());
        // SAFETY: as in `put`.
        unsafe {
            let to = self.bytes.as_mut_ptr().add(self.len);
            core::ptr::copy_nonoverlapping(text.as_ptr(), to, text.len());
        }
        self.len = self.len.wrapping_add(text.len());
    }

    /// The version is not among them: it is the stage, since an evolution is one stage.
    fn attributes(&mut self, symbiont: &Symbiont) {
        const COUNT: u8 = 5;
        self.put(&[ATTRIBUTES, COUNT, 0, 0, 0]);
        self.digit(key!("stage"), symbiont.stage);
        self.digit(key!("branch"), symbiont.branch);
        self.deeds(&symbiont.deeds);
        self.hex(key!("genome"), &symbiont.genome);
        self.hex(key!("picture"), &symbiont.picture);
    }

    /// A number below ten: stages and branches are.
    #[inline(always)]
    fn digit<const N: usize>(&mut self, key: &[u8; N], value: u8) {
        self.put(key);
        self.put(&[1, 0, 0, 0, b'0'.wrapping_add(value)]);
    }

    /// In decimal, commas between them: one attribute, since Core is dear by the attribute.
    fn deeds(&mut self, deeds: &[PodU32; 8]) {
        self.put(key!("deeds"));
        self.put(&(DEEDS_TEXT as u32).to_le_bytes());
        let first = self.len;
        // SAFETY: as in `put`; the digits and commas below stay within these spaces.
        unsafe { self.bytes.as_mut_ptr().add(first).write_bytes(b' ', DEEDS_TEXT) };
        self.decimal(deeds[0].get());
        for deed in &deeds[1..] {
            self.put(b",");
            self.decimal(deed.get());
        }
        self.len = first.wrapping_add(DEEDS_TEXT);
    }

    #[inline(always)]
    fn decimal(&mut self, value: u32) {
        match value {
            0..10 => self.put(&[b'0' | value as u8]),
            _ => self.digits(value),
        }
    }

    /// Two digits or more: written from the last on, two at a time, then put where they belong together
    /// with some of the spaces after them, which are there anyway.
    #[inline(never)]
    fn digits(&mut self, value: u32) {
        const MOST: usize = 10;
        const MOVED: usize = 16;
        let mut digits = [b' '; MOST + MOVED];
        let mut first = MOST;
        let mut left = value as u64;
        // SAFETY: a u32 has at most ten digits, and PAIRS a pair for every number below 100; what is
        // moved lies within `digits`, and where it goes to is as in `put`.
        unsafe {
            let start = digits.as_mut_ptr();
            while left >= 10 {
                let rest = left / 100;
                let pair = left.wrapping_sub(rest.wrapping_mul(100)) as usize;
                first = first.wrapping_sub(2);
                start.add(first).cast::<[u8; 2]>().write_unaligned(*PAIRS.get_unchecked(pair));
                left = rest;
            }
            if left > 0 {
                first = first.wrapping_sub(1);
                *start.add(first) = b'0' | left as u8;
            }
            let to = self.bytes.as_mut_ptr().add(self.len).cast::<[u8; MOVED]>();
            to.write_unaligned(start.add(first).cast::<[u8; MOVED]>().read_unaligned());
        }
        self.len = self.len.wrapping_add(MOST).wrapping_sub(first);
    }

    /// In 64 lower-case digits, eight at a time.
    #[inline(always)]
    fn hex<const N: usize>(&mut self, key: &[u8; N], value: &[u8; 32]) {
        self.put(key);
        self.put(&64u32.to_le_bytes());
        for four in value.as_chunks::<4>().0 {
            self.put(&hex_digits(u32::from_le_bytes(*four)).to_le_bytes());
        }
    }
}

/// Four bytes to their eight digits: the nibbles are spread to one a byte, then all become letters.
fn hex_digits(bytes: u32) -> u64 {
    let pairs = (bytes as u64 | (bytes as u64) << 16) & 0x0000_ffff_0000_ffff;
    let single = (pairs | pairs << 8) & 0x00ff_00ff_00ff_00ff;
    let nibbles = (single >> 4) & 0x000f_000f_000f_000f | (single & 0x000f_000f_000f_000f) << 8;
    let letters = (nibbles.wrapping_add(0x0606_0606_0606_0606) >> 4) & 0x0101_0101_0101_0101;
    nibbles.wrapping_add(0x3030_3030_3030_3030).wrapping_add(letters.wrapping_mul(0x27))
}
