use anchor_lang::{address_eq, prelude::*};
use proof::{EpochHeader, EPOCH_HEADER_BYTES};

use crate::{ChronicleError, Recall, Zone, SEED_RECALL};

#[derive(Accounts)]
pub struct RecallEpochs {
    #[account(mut)]
    pub payer: Signer,
    pub zone_account: Account<Zone>,
    #[account(init, payer = payer, seeds = [SEED_RECALL, zone_account.address().as_ref(), payer.address().as_ref()], bump)]
    pub recall: Account<Recall>,
    pub system_program: Program<System>,
}

#[derive(Accounts)]
pub struct RecallOn {
    pub payer: Signer,
    pub zone_account: Account<Zone>,
    #[account(mut)]
    pub recall: Account<Recall>,
}

/// Whole headers, at least one.
fn split(headers: &[u8]) -> Result<impl Iterator<Item = &[u8]>> {
    let whole = !headers.is_empty() && headers.len() % EPOCH_HEADER_BYTES == 0;
    require!(whole, ChronicleError::NoHeaders);
    Ok(headers.chunks_exact(EPOCH_HEADER_BYTES))
}

/// The first header is one of the ring, each further one the one before it.
pub fn begin(ctx: &mut Context<RecallEpochs>, headers: &[u8]) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let mut headers = split(headers)?;
    let recall = &mut accounts.recall;
    recall.zone = *accounts.zone_account.address();
    recall.payer = *accounts.payer.address();
    let first = headers.next().ok_or(ChronicleError::NoHeaders)?;
    let first = EpochHeader::parse(first).map_err(ChronicleError::from)?;
    require!(accounts.zone_account.holds(&first), ChronicleError::NotInRing);
    recall.set(&first);
    walk(recall, &accounts.zone_account, headers)
}

/// Every header is the one before.
pub fn on(ctx: &mut Context<RecallOn>, headers: &[u8]) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let recall = &mut accounts.recall;
    require!(address_eq(&recall.zone, accounts.zone_account.address()), ChronicleError::OtherRecall);
    require!(address_eq(&recall.payer, accounts.payer.address()), ChronicleError::WrongPayer);
    walk(recall, &accounts.zone_account, split(headers)?)
}

fn walk<'a>(recall: &mut Recall, zone: &Zone, headers: impl Iterator<Item = &'a [u8]>) -> Result<()> {
    for header in headers {
        recall.step(&EpochHeader::parse(header).map_err(ChronicleError::from)?, zone)?;
    }
    Ok(())
}
