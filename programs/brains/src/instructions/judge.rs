use anchor_lang::prelude::*;
use anchor_lang::solana_program::program::set_return_data;
use proof::{prove_decision, Proof, RecallView, ZoneView};
use referee::{decide, forward, Draw};

use crate::{read_brain, BrainsError};

pub struct JudgeArgs<'a> {
    /// Among the epoch's leaves.
    pub index: u32,
    pub leaf: &'a [u8],
    /// Whole hashes, the leaf's neighbour first.
    pub path: &'a [u8],
}

#[derive(Accounts)]
pub struct Judge {
    /// The zone's account in the chronicle program.
    pub zone: UncheckedAccount,
    pub brain: UncheckedAccount,
    /// The chronicle's recall of an epoch that has left the ring.
    pub recall: Option<UncheckedAccount>,
}

pub fn handler(ctx: &mut Context<Judge>, args: JudgeArgs) -> Result<()> {
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
    let proof = Proof { zone, address, recall, index: args.index, path: args.path };
    let (decision, _) = prove_decision(&proof, args.leaf).map_err(BrainsError::from)?;
    let brain = read_brain(&accounts.brain)?;
    require!(brain.id() == decision.brain(), BrainsError::OtherBrain);
    require!(brain.inputs() == proof::OBSERVATIONS, BrainsError::Observations);
    let logits = forward(&brain, decision.observations());
    let draw = Draw {
        mask: decision.mask(),
        world_seed: decision.world_seed(),
        tick: decision.tick(),
        npc: decision.npc(),
    };
    let action = decide(&logits, &draw);
    set_return_data(&[action, decision.action()]);
    Ok(())
}
