use anchor_lang::prelude::*;
use anchor_lang::solana_program::program::set_return_data;
use proof::{prove_decision, Proof, RecallView, ZoneView};
use referee::{decide, forward};

use crate::{read_brain, BrainsError};

#[derive(Accounts)]
pub struct Judge {
    /// The zone's account in the chronicle program.
    pub zone: UncheckedAccount,
    pub brain: UncheckedAccount,
    /// The chronicle's recall of an epoch that has left the ring.
    pub recall: Option<UncheckedAccount>,
}

pub fn handler(ctx: &mut Context<Judge>, index: u32, leaf: &[u8], path: &[u8]) -> Result<()> {
    let accounts = &ctx.accounts;
    let view = accounts.zone.account();
    // SAFETY: this instruction writes no account.
    let (owner, data) = unsafe { (view.owner(), view.borrow_unchecked()) };
    let zone = ZoneView::read(owner.as_array(), data).map_err(BrainsError::from)?;
    let recall = match &accounts.recall {
        Some(recall) => {
            let view = recall.account();
            // SAFETY: as above.
            let (owner, data) = unsafe { (view.owner(), view.borrow_unchecked()) };
            Some(RecallView::read(owner.as_array(), data).map_err(BrainsError::from)?)
        }
        None => None,
    };
    let address = accounts.zone.address().as_array();
    let proof = Proof { zone, address, recall, index, path };
    let (decision, _) = prove_decision(&proof, leaf).map_err(BrainsError::from)?;
    let brain = read_brain(&accounts.brain)?;
    require!(brain.id() == decision.brain(), BrainsError::OtherBrain);
    require!(brain.inputs() == proof::OBSERVATIONS, BrainsError::Observations);
    let logits = forward(&brain, decision.observations());
    let action =
        decide(logits.as_slice(), decision.mask(), decision.world_seed(), decision.tick(), decision.npc());
    set_return_data(&[action, decision.action()]);
    Ok(())
}
