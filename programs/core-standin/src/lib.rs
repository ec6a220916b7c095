//! Stands in for Metaplex Core where its binary cannot be shipped (the embedded ledger): it reads
//! Core's own instruction bytes, applies Core's rules to the accounts and writes Core's own account
//! bytes, for the instructions and plugins that this project uses. It runs at Core's address.
//!
//! Supported: assets and collections with the plugins Attributes, Royalties (without a list of programs) and UpdateDelegate; create, update,
//! transfer, add and update a plugin, approve and revoke a plugin's authority. Everything else of
//! Core is refused with Core's own code 23, "feature not available". Refusals carry the codes of
//! Core's error table. Layouts: metaplex-foundation/mpl-core, `clients/js/src/generated`.
//!
//! It is no Anchor `#[program]`: Core's instructions are told apart by one byte, its optional
//! accounts are positional and its refusals have their own numbers, so it takes from Anchor only the
//! entrypoint and account views below the macros.
#![cfg_attr(not(feature = "idl-build"), no_std)]
extern crate alloc;
// memcpy and its like, by the SVM's own calls
use solana_compiler_builtins as _;

mod accounts;
mod error;
mod instructions;
mod permission;
mod plugin;
mod reader;
mod state;

use anchor_lang::pinocchio::{self, account::AccountView, address::Address, ProgramResult};

/// Metaplex Core's address.
pub const ID: Address = Address::from_str_const("CoREENxT6tW1HoK8ypY1SxRMZTcVPm7R94rH4PZNhX7d");

/// More accounts than any supported instruction takes.
const MAX_ACCOUNTS: usize = 16;

pinocchio::program_entrypoint!(process, { crate::MAX_ACCOUNTS });
pinocchio::default_allocator!();
pinocchio::default_panic_handler!();

#[inline(never)]
fn process(_program: &Address, accounts: &mut [AccountView], data: &[u8]) -> ProgramResult {
    instructions::dispatch(accounts, data)
}
