//! The data of Core's instructions, in Borsh.
use alloc::vec::Vec;

use anchor_lang::prelude::*;

use crate::{Symbiont, MAX_NAME, MAX_URI};

const CREATE: u8 = 0;
const CREATE_COLLECTION: u8 = 1;
const UPDATE_PLUGIN: u8 = 6;
const UPDATE: u8 = 15;
const UPDATE_DELEGATE: u8 = 4;
const ATTRIBUTES: u8 = 6;
const AUTHORITY_ADDRESS: u8 = 3;
const NONE: u8 = 0;
const SOME: u8 = 1;

/// A collection with the config as its update delegate.
pub fn create_collection_data(name: &str, uri: &str, delegate: &Address) -> Data {
    let mut out = Data::new();
    out.put(&[CREATE_COLLECTION]);
    out.string(name.as_bytes());
    out.string(uri.as_bytes());
    out.put(&[SOME, 1, 0, 0, 0, UPDATE_DELEGATE, 0, 0, 0, 0, SOME, AUTHORITY_ADDRESS]);
    out.put(delegate.as_array());
    out
}

/// An asset with its attributes, which only the config may change.
pub fn create_data(name: &str, uri: &str, symbiont: &Symbiont) -> Data {
    let mut out = Data::new();
    out.put(&[CREATE, 0]);
    out.string(name.as_bytes());
    out.string(uri.as_bytes());
    out.put(&[SOME, 1, 0, 0, 0]);
    out.attributes(symbiont);
    out.put(&[SOME, AUTHORITY_ADDRESS]);
    out.put(symbiont.config.as_array());
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

/// More than the longest instruction: a mint with the longest name and URI, its attributes with
/// numbers of twenty digits, and less than 64 bytes besides.
const CAPACITY: usize = 1024;
const _: () = assert!(
    4 + MAX_NAME as usize + 4 + MAX_URI as usize + 13 * (4 + 8 + 4) + 11 * 20 + 2 * 64 + 64
        < CAPACITY
);

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
        const COUNT: u8 = 13;
        let deed = |i: usize| symbiont.deeds[i].get() as u64;
        self.put(&[ATTRIBUTES, COUNT, 0, 0, 0]);
        self.number(key!("stage"), symbiont.stage as u64);
        self.number(key!("branch"), symbiont.branch as u64);
        self.number(key!("gathered"), deed(0));
        self.number(key!("banked"), deed(1));
        self.number(key!("struck"), deed(2));
        self.number(key!("defeated"), deed(3));
        self.number(key!("guarded"), deed(4));
        self.number(key!("given"), deed(5));
        self.number(key!("walked"), deed(6));
        self.number(key!("endured"), deed(7));
        self.hex(key!("genome"), &symbiont.genome);
        self.number(key!("version"), symbiont.version.get());
        self.hex(key!("picture"), &symbiont.picture);
    }

    /// In decimal.
    #[inline(always)]
    fn number<const N: usize>(&mut self, key: &[u8; N], value: u64) {
        self.put(key);
        match value {
            0..10 => self.put(&[1, 0, 0, 0, b'0' | value as u8]),
            _ => self.digits(value),
        }
    }

    /// Two digits or more: written from the last on, then put where they belong.
    #[inline(never)]
    fn digits(&mut self, value: u64) {
        if value < 100 {
            let tens = (value as u32).wrapping_mul(205) >> 11;
            let ones = (value as u32).wrapping_sub(tens.wrapping_mul(10));
            return self.put(&[2, 0, 0, 0, b'0' | tens as u8, b'0' | ones as u8]);
        }
        let mut digits = [0u8; 20];
        let mut count = 0usize;
        let mut left = value;
        while left > 0 {
            count = count.wrapping_add(1);
            let tenth = left / 10;
            // SAFETY: an u64 has at most twenty digits.
            unsafe {
                let digit = left.wrapping_sub(tenth.wrapping_mul(10)) as u8;
                *digits.as_mut_ptr().add(20usize.wrapping_sub(count)) = b'0' | digit;
            }
            left = tenth;
        }
        self.put(&(count as u32).to_le_bytes());
        // SAFETY: as in `put`; the digits are the last `count` of twenty.
        unsafe {
            let to = self.bytes.as_mut_ptr().add(self.len);
            let from = digits.as_ptr().add(20usize.wrapping_sub(count));
            for i in 0..count {
                *to.add(i) = *from.add(i);
            }
        }
        self.len = self.len.wrapping_add(count);
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
