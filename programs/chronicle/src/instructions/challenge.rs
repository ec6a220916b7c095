use anchor_lang::{prelude::*, solana_program::program::set_return_data};
use proof::{prove_decision, Proof, ZoneView};
use referee::{decide, forward, BrainView, Draw};

use crate::{
    lamports::{pay_in, pay_out},
    ChronicleError, Zone, CHALLENGE_DEPOSIT, INCINERATOR,
};

pub struct ChallengeArgs<'a> {
    /// Among the epoch's leaves.
    pub index: u32,
    pub leaf: &'a [u8],
    /// Whole hashes, the leaf's neighbour first.
    pub path: &'a [u8],
}

#[derive(Accounts)]
pub struct Challenge {
    #[account(mut)]
    pub challenger: Signer,
    #[account(mut)]
    pub zone_account: Account<Zone>,
    /// The account of the brain that the leaf names.
    pub brain: UncheckedAccount,
    #[account(mut, address = INCINERATOR @ ChronicleError::NotIncinerator)]
    pub incinerator: UncheckedAccount,
    pub system_program: Program<System>,
}

/// What the rules say of a published decision.
struct Verdict {
    epoch: u32,
    /// Did the operator publish what cannot have been?
    wrong: bool,
    action: u8,
    published: u8,
}

impl Challenge {
    #[inline(never)]
    fn judge(&self, args: &ChallengeArgs) -> Result<Verdict> {
        let zone = self.zone_account.account();
        // SAFETY: nothing is written while this function runs.
        let (owner, data) = unsafe { (zone.owner(), zone.borrow_unchecked()) };
        let view = ZoneView::read(owner.as_array(), data).map_err(ChronicleError::from)?;
        let (index, path) = (args.index, args.path);
        let proof = Proof { zone: view, address: zone.address().as_array(), recall: None, index, path };
        let (decision, entry) = prove_decision(&proof, args.leaf).map_err(ChronicleError::from)?;
        self.zone_account.require_markable(entry.epoch)?;

        let brain = self.brain.account();
        // SAFETY: as above.
        let (owner, data) = unsafe { (brain.owner(), brain.borrow_unchecked()) };
        let brain = BrainView::read(owner.as_array(), data).map_err(ChronicleError::from)?;
        require!(brain.id() == decision.brain(), ChronicleError::OtherBrain);
        require!(brain.inputs() == proof::OBSERVATIONS, ChronicleError::Observations);
        let logits = forward(&brain, decision.observations());
        // chance is the zone's, not the leaf's: else an operator could look for a seed it likes
        let (seed, tick) = (view.world_seed(), decision.tick());
        let draw = Draw { mask: decision.mask(), world_seed: seed, tick, npc: decision.npc() };
        let action = decide(&logits, &draw);
        let outside = tick.wrapping_sub(entry.first_tick) >= entry.ticks;
        let wrong = action != decision.action() || decision.world_seed() != seed || outside;
        Ok(Verdict { epoch: entry.epoch, wrong, action, published: decision.action() })
    }
}

pub fn handler(ctx: &mut Context<Challenge>, args: ChallengeArgs) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let verdict = accounts.judge(&args)?;
    if verdict.wrong {
        let bond = accounts.zone_account.take_bond();
        accounts.zone_account.mark(verdict.epoch)?;
        // half is burnt, so that an operator who challenges itself loses too
        let burnt = bond / 2;
        let zone = accounts.zone_account.account();
        pay_out(zone, accounts.challenger.account(), bond.saturating_sub(burnt))?;
        pay_out(zone, accounts.incinerator.account(), burnt)?;
    } else {
        accounts.zone_account.add_bond(CHALLENGE_DEPOSIT)?;
        let (system, zone) = (&accounts.system_program, &mut accounts.zone_account);
        pay_in(system, &mut accounts.challenger, zone, CHALLENGE_DEPOSIT)?;
    }
    set_return_data(&[verdict.wrong as u8, verdict.action, verdict.published]);
    Ok(())
}
