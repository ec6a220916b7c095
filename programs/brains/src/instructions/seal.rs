use anchor_lang::prelude::*;
use referee::{packed_bytes, read_file};

use crate::{area, Brain, BrainLayer, BrainsError};

#[derive(Accounts)]
pub struct Seal {
    pub author: Signer,
    #[account(mut)]
    pub brain: Account<Brain>,
}

pub fn handler(ctx: &mut Context<Seal>) -> Result<()> {
    let accounts = &mut ctx.accounts;
    accounts.brain.require_open(accounts.author.address())?;
    let mut view = *accounts.brain.account();
    let area = area(&mut view);
    let brain = &mut accounts.brain;
    let file_start = area.len() - brain.file_bytes as usize;
    let file = &area[file_start..];
    require!(sha256(file) == brain.id, BrainsError::WrongId);
    let shape = read_file(file).map_err(BrainsError::from)?;
    require!(sha256(&file[shape.data_start..]) == shape.weights_hash, BrainsError::WrongWeightsHash);
    let wanted = packed_bytes(shape.layers()).max(file.len());
    require!(area.len() == wanted, BrainsError::AccountSize);
    referee::pack(area, file_start + shape.data_start, shape.layers()).map_err(BrainsError::from)?;

    brain.weights_hash = shape.weights_hash;
    brain.layer_count = shape.layers().len() as u8;
    for (stored, layer) in brain.layers.iter_mut().zip(shape.layers()) {
        *stored = BrainLayer {
            inputs: layer.inputs as u8,
            outputs: layer.outputs as u8,
            shift: layer.shift,
            unused: 0,
        };
    }
    brain.sealed = 1;
    Ok(())
}
