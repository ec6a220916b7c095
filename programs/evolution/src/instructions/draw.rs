use anchor_lang::prelude::*;

use crate::{Breeding, EvolutionError, SLOT_HASHES_ID};

#[derive(Accounts)]
pub struct Draw {
    #[account(mut)]
    pub breeding: Account<Breeding>,
    #[account(address = SLOT_HASHES_ID @ EvolutionError::WrongSlotHashes)]
    pub slot_hashes: UncheckedAccount,
}

pub fn handler(ctx: &mut Context<Draw>) -> Result<()> {
    let accounts = &mut ctx.accounts;
    // SAFETY: nobody writes a sysvar.
    let hashes = unsafe { accounts.slot_hashes.account().borrow_unchecked() };
    accounts.breeding.draw(hashes)
}
