use anchor_lang::prelude::*;

use crate::{Brain, BrainsError, MAX_FILE_BYTES};

pub struct CreateArgs {
    pub id: [u8; 32],
    pub file_bytes: u32,
    pub parent: [u8; 32],
    pub training_root: [u8; 32],
    pub licence: [u8; 24],
    pub price: u64,
}

#[derive(Accounts)]
pub struct Create {
    pub author: Signer,
    /// Made by the system program, with all its bytes: too many for this program to make.
    #[account(zeroed)]
    pub brain: Account<Brain>,
}

impl CreateArgs {
    fn validate(&self, account_bytes: usize) -> Result<()> {
        let area = account_bytes - referee::HEADER_BYTES;
        let fits = self.file_bytes as usize <= area;
        require!(self.file_bytes > 0 && self.file_bytes <= MAX_FILE_BYTES && fits, BrainsError::FileBytes);
        let length = self.licence.iter().position(|&byte| byte == 0).unwrap_or(self.licence.len());
        let (text, rest) = self.licence.split_at(length);
        let written = length > 0 && text.iter().all(u8::is_ascii_graphic);
        require!(written && rest.iter().all(|&byte| byte == 0), BrainsError::Licence);
        require!(self.parent != self.id, BrainsError::OwnParent);
        Ok(())
    }
}

pub fn handler(ctx: &mut Context<Create>, args: CreateArgs) -> Result<()> {
    let accounts = &mut ctx.accounts;
    args.validate(accounts.brain.account().data_len())?;
    let brain = &mut accounts.brain;
    // an account of zeros by its first eight bytes only: nothing of what else lies there may count
    brain.sealed = 0;
    brain.layer_count = 0;
    brain.weights_hash = [0; 32];
    brain.layers = bytemuck::Zeroable::zeroed();
    brain.unused = [0; 2];
    brain.author = *accounts.author.address();
    brain.id = args.id;
    brain.parent = args.parent;
    brain.training_root = args.training_root;
    brain.licence = args.licence;
    brain.price = args.price;
    brain.file_bytes = args.file_bytes;
    Ok(())
}
