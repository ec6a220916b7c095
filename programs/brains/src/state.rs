//! A brain's account. Its layout is read in place by `referee::account`.
use anchor_lang::{address_eq, prelude::*};
use bytemuck::{Pod, Zeroable};

use crate::BrainsError;

/// A layer's widths and shift.
#[derive(Clone, Copy, Pod, Zeroable, IdlType)]
#[repr(C)]
pub struct BrainLayer {
    pub inputs: u8,
    pub outputs: u8,
    pub shift: u8,
    pub unused: u8,
}

/// What stands before the network.
#[account]
pub struct Brain {
    pub author: Address,
    /// SHA-256 of the brain file (manifest and weights): the brain's name everywhere.
    pub id: [u8; 32],
    /// Id of the brain that this one was trained on from, as its author says; zeros: none.
    pub parent: [u8; 32],
    /// Merkle root over what it was trained on, as its author says; zeros: none.
    pub training_root: [u8; 32],
    /// SHA-256 of the file's data section.
    pub weights_hash: [u8; 32],
    /// SPDX identifier, filled up with zeros.
    pub licence: [u8; 24],
    /// Lamports.
    pub price: u64,
    /// Length of the brain file.
    pub file_bytes: u32,
    /// 1 once the network is packed.
    pub sealed: u8,
    pub layer_count: u8,
    pub unused: [u8; 2],
    pub layers: [BrainLayer; 4],
}

const _: () = {
    assert!(core::mem::size_of::<Brain>() + 8 == referee::HEADER_BYTES);
    assert!(core::mem::offset_of!(Brain, id) + 8 == referee::account::ID);
    assert!(core::mem::offset_of!(Brain, sealed) + 8 == referee::account::SEALED);
    assert!(core::mem::offset_of!(Brain, layer_count) + 8 == referee::account::LAYER_COUNT);
    assert!(core::mem::offset_of!(Brain, layers) + 8 == referee::account::LAYERS);
    let (id, theirs) = (crate::ID.as_array(), &referee::account::BRAINS_ID);
    let mut i = 0;
    while i < 32 {
        assert!(id[i] == theirs[i]);
        i += 1;
    }
    let mut i = 0;
    while i < 8 {
        assert!(Brain::DISCRIMINATOR[i] == referee::account::DISCRIMINATOR[i]);
        i += 1;
    }
};

impl Brain {
    /// Only the author changes a brain, and only until it is sealed.
    pub fn require_open(&self, author: &Address) -> Result<()> {
        self.require_author(author)?;
        require!(self.sealed == 0, BrainsError::Sealed);
        Ok(())
    }

    pub fn require_author(&self, author: &Address) -> Result<()> {
        require!(address_eq(&self.author, author), BrainsError::WrongAuthor);
        Ok(())
    }
}

/// Everything behind the header of a brain's account.
pub fn area(view: &mut AccountView) -> &mut [u8] {
    // SAFETY: `Account<Brain>` holds the only other reference, to the header; Anchor refuses the same
    // account twice where one is mutable.
    let data = unsafe { view.borrow_unchecked_mut() };
    &mut data[referee::HEADER_BYTES..]
}
