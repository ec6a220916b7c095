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

/// "00" to "ff".
const HEX: [[u8; 2]; 256] = {
    let digits = *b"0123456789abcdef";
    let mut pairs = [[0; 2]; 256];
    let mut i = 0;
    while i < 256 {
        pairs[i] = [digits[i >> 4], digits[i & 15]];
        i += 1;
    }
    pairs
};

/// Deed counters at their greatest, with the commas between them. Every text of deeds has this length,
/// spaces at its end: what never grows needs no rent later, and saves Core a resize at each evolution.
const DEEDS_TEXT: usize = 8 * 10 + 7;
/// Of the attributes' plugin: its kind, their number, and key and value of each with their lengths.
pub(super) const ATTRIBUTES_BYTES: usize =
    1 + 4 + 6 * (4 + 4) + (5 + 6 + 5 + 6 + 7 + 7) + 3 + DEEDS_TEXT + 2 * 64;
/// More than the longest instruction: a mint with the longest name and URI, its six attributes with the
/// greatest numbers, and less than 64 bytes besides. So nothing is ever cut short.
const CAPACITY: usize = 1024;
const _: () =
    assert!(4 + MAX_NAME as usize + 4 + MAX_URI as usize + ATTRIBUTES_BYTES + 64 < CAPACITY);
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

    fn attributes(&mut self, symbiont: &Symbiont) {
        const COUNT: u8 = 6;
        self.put(&[ATTRIBUTES, COUNT, 0, 0, 0]);
        self.digit(key!("stage"), symbiont.stage);
        self.digit(key!("branch"), symbiont.branch);
        self.deeds(&symbiont.deeds);
        self.hex(key!("genome"), &symbiont.genome);
        // below ten as the stage is, since an evolution is one stage
        self.digit(key!("version"), symbiont.version.get() as u8);
        self.hex(key!("picture"), &symbiont.picture);
    }

    /// A number below ten: stages, branches and versions are.
    #[inline(always)]
    fn digit<const N: usize>(&mut self, key: &[u8; N], value: u8) {
        self.put(key);
        self.put(&[1, 0, 0, 0, b'0'.wrapping_add(value)]);
    }

    /// In decimal, commas between them: one attribute, since Core is dear by the attribute.
    #[inline(always)]
    fn deeds(&mut self, deeds: &[PodU32; 8]) {
        self.put(key!("deeds"));
        self.put(&(DEEDS_TEXT as u32).to_le_bytes());
        // SAFETY: as in `put`, with what comes after them for what is written behind the last.
        unsafe { write_deeds(self.bytes.as_mut_ptr().add(self.len), deeds) };
        self.len = self.len.wrapping_add(DEEDS_TEXT);
    }

    /// In 64 lower-case digits.
    #[inline(always)]
    fn hex<const N: usize>(&mut self, key: &[u8; N], value: &[u8; 32]) {
        self.put(key);
        self.put(&64u32.to_le_bytes());
        for byte in value {
            self.put(&HEX[*byte as usize]);
        }
    }
}

/// Writes DEEDS_TEXT bytes: the counters, commas between them, spaces to the end.
///
/// # Safety
/// Eight bytes more must be writable.
#[inline(never)]
unsafe fn write_deeds(first: *mut u8, deeds: &[PodU32; 8]) {
    let end = first.add(DEEDS_TEXT);
    let mut to = write_decimal(first, deeds[0].get());
    for deed in &deeds[1..] {
        *to = b',';
        to = write_decimal(to.add(1), deed.get());
    }
    while to < end {
        to.cast::<[u8; 8]>().write_unaligned([b' '; 8]);
        to = to.add(8);
    }
}

/// Writes a number in decimal; what it writes behind the place that it returns does not count.
///
/// # Safety
/// Eighteen bytes from `to` on must be writable.
#[inline(always)]
unsafe fn write_decimal(mut to: *mut u8, value: u32) -> *mut u8 {
    const EIGHT: u64 = 100_000_000;
    let value = value as u64;
    if value < 10 {
        *to = b'0' | value as u8;
        return to.add(1);
    }
    if value < EIGHT {
        let zeros = match value {
            10_000_000.. => 0,
            1_000_000.. => 1,
            100_000.. => 2,
            10_000.. => 3,
            1_000.. => 4,
            100.. => 5,
            _ => 6u32,
        };
        let digits = eight_digits(value).wrapping_shr(zeros.wrapping_mul(8));
        to.cast::<u64>().write_unaligned(digits);
        return to.add(8usize.wrapping_sub(zeros as usize));
    }
    let high = value / EIGHT;
    if high < 10 {
        *to = b'0' | high as u8;
        to = to.add(1);
    } else {
        let ten = high / 10;
        *to = b'0' | ten as u8;
        *to.add(1) = b'0' | high.wrapping_sub(ten.wrapping_mul(10)) as u8;
        to = to.add(2);
    }
    let low = value.wrapping_sub(high.wrapping_mul(EIGHT));
    to.cast::<u64>().write_unaligned(eight_digits(low));
    to.add(8)
}

/// A number below 10^8 to its eight digits, the first in the lowest byte: halves, then quarters, then digits
/// are divided at once, each in its part of the word (the factors are 2^20/100 and 2^10/10, rounded up).
#[inline(always)]
fn eight_digits(value: u64) -> u64 {
    let high = value / 10_000;
    let halves = high | value.wrapping_sub(high.wrapping_mul(10_000)) << 32;
    let hundreds = (halves.wrapping_mul(10_486) >> 20) & 0x0000_007f_0000_007f;
    let quarters = hundreds | halves.wrapping_sub(hundreds.wrapping_mul(100)) << 16;
    let tens = (quarters.wrapping_mul(103) >> 10) & 0x000f_000f_000f_000f;
    let digits = tens | quarters.wrapping_sub(tens.wrapping_mul(10)) << 8;
    digits | 0x3030_3030_3030_3030
}
