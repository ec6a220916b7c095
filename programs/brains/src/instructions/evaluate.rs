use anchor_lang::prelude::*;
use anchor_lang::solana_program::program::set_return_data;
use referee::{decide, forward, BrainView, Draw, MAX_OUTPUTS};

use crate::BrainsError;

#[derive(Accounts)]
pub struct Evaluate {
    pub brain: UncheckedAccount,
}

/// A sealed brain, read in place.
pub fn read_brain(account: &UncheckedAccount) -> Result<BrainView<'_>> {
    let view = account.account();
    // SAFETY: nothing writes a sealed brain while this instruction runs.
    let (owner, data) = unsafe { (view.owner(), view.borrow_unchecked()) };
    Ok(BrainView::read(owner.as_array(), data).map_err(BrainsError::from)?)
}

pub fn handler(ctx: &mut Context<Evaluate>, draw: Draw, observations: &[u8]) -> Result<()> {
    let brain = read_brain(&ctx.accounts.brain)?;
    let fits = observations.len() == brain.inputs() && observations.iter().all(|&value| value <= 127);
    require!(fits, BrainsError::Observations);
    let logits = forward(&brain, observations);
    let action = decide(&logits, &draw);
    let mut answer = [0u8; 1 + 4 * MAX_OUTPUTS];
    answer[0] = action;
    for (bytes, logit) in answer[1..].chunks_exact_mut(4).zip(logits.as_slice()) {
        bytes.copy_from_slice(&(*logit as i32).to_le_bytes());
    }
    set_return_data(&answer[..1 + 4 * logits.as_slice().len()]);
    Ok(())
}
