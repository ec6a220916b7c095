//! Lamports in and out of a zone's account.
use anchor_lang::{
    prelude::*,
    system_program::{self, Transfer},
};

/// From a signer into the zone's account, through the system program.
pub fn pay_in(system: &Program<System>, from: &mut Signer, zone: &mut Account<crate::Zone>, lamports: u64) -> Result<()> {
    let accounts = Transfer { from: from.try_cpi_handle_mut()?, to: zone.try_cpi_handle_mut()? };
    system_program::transfer(CpiContext::new(system.address(), accounts), lamports)
}

/// Out of the zone's account. The rent stays: only the bond is ever paid out.
pub fn pay_out(zone: &AccountView, to: &AccountView, lamports: u64) -> Result<()> {
    let (mut zone, mut to) = (*zone, *to);
    let left = zone.lamports().checked_sub(lamports).ok_or(crate::ChronicleError::Overflow)?;
    let sum = to.lamports().checked_add(lamports).ok_or(crate::ChronicleError::Overflow)?;
    zone.set_lamports(left);
    to.set_lamports(sum);
    Ok(())
}
