//! Lamports from one account to another.
use anchor_lang::{
    pinocchio::{
        cpi::{invoke_signed_unchecked, CpiAccount},
        instruction::{InstructionAccount, InstructionView},
    },
    prelude::*,
    system_program,
};

use crate::EvolutionError;

/// From a signer, through the system program. A refusal of its ends the transaction.
pub fn pay(from: &AccountView, to: &AccountView, lamports: u64) {
    const TRANSFER: u32 = 2;
    let mut data = [0; 12];
    data[..4].copy_from_slice(&TRANSFER.to_le_bytes());
    data[4..].copy_from_slice(&lamports.to_le_bytes());
    let accounts = [
        InstructionAccount::new(from.address(), true, true),
        InstructionAccount::new(to.address(), true, false),
    ];
    let instruction =
        InstructionView { program_id: &system_program::ID, data: &data, accounts: &accounts };
    // SAFETY: the system program changes nothing but the lamports of these two, and no reference to those is
    // alive.
    unsafe {
        invoke_signed_unchecked(&instruction, &[from.into(), to.into()] as &[CpiAccount], &[])
    };
}

/// Out of an account of this program's.
pub fn pay_out(from: &AccountView, to: &AccountView, lamports: u64) -> Result<()> {
    let (mut from, mut to) = (*from, *to);
    let left = from.lamports().checked_sub(lamports).ok_or(EvolutionError::Overflow)?;
    let sum = to.lamports().checked_add(lamports).ok_or(EvolutionError::Overflow)?;
    from.set_lamports(left);
    to.set_lamports(sum);
    Ok(())
}
