use anchor_lang::prelude::*;

use crate::{area, Brain, BrainsError};

#[derive(Accounts)]
pub struct Write {
    pub author: Signer,
    #[account(mut)]
    pub brain: Account<Brain>,
}

pub fn handler(ctx: &mut Context<Write>, offset: u32, bytes: &[u8]) -> Result<()> {
    let accounts = &mut ctx.accounts;
    accounts.brain.require_open(accounts.author.address())?;
    let file_bytes = accounts.brain.file_bytes as usize;
    let start = offset as usize;
    let end = start.wrapping_add(bytes.len());
    require!(!bytes.is_empty() && end <= file_bytes, BrainsError::WriteRange);
    let mut view = *accounts.brain.account();
    let area = area(&mut view);
    // the file lies at the account's end
    let file_start = area.len() - file_bytes;
    area[file_start + start..file_start + end].copy_from_slice(bytes);
    Ok(())
}
