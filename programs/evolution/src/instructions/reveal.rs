use anchor_lang::prelude::*;

use crate::Breeding;

#[derive(Accounts)]
pub struct Reveal {
    #[account(mut)]
    pub breeding: Account<Breeding>,
}

/// Nobody signs: whoever knows the secret may bring it.
pub fn handler(ctx: &mut Context<Reveal>, side: u8, secret: [u8; 32]) -> Result<()> {
    let breeding = &mut ctx.accounts.breeding;
    let place = *breeding.account().address();
    breeding.reveal(&place, side, &secret, Clock::get()?.unix_timestamp)
}
