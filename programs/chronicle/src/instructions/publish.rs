use anchor_lang::{address_eq, prelude::*};
use proof::EpochHeader;

use crate::{ChronicleError, Zone};

#[derive(Accounts)]
pub struct Publish {
    pub operator: Signer,
    #[account(mut)]
    pub zone_account: Account<Zone>,
}

pub fn handler(ctx: &mut Context<Publish>, header: &[u8]) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let zone = &mut accounts.zone_account;
    require!(address_eq(&zone.operator, accounts.operator.address()), ChronicleError::WrongOperator);
    let header = EpochHeader::parse(header).map_err(ChronicleError::from)?;
    zone.publish(&header, Clock::get()?.unix_timestamp)
}
