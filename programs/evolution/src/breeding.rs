//! Two symbionts on their way to a child: by commitment and revelation, so that nobody chooses what it becomes.
//!
//! Each side binds itself to a secret (`offer`, `accept`), then the hash of the slot in which the second did so is
//! taken (`draw`; it exists only once that slot is over), then the secrets are shown (`reveal`).
use anchor_lang::{address_eq, prelude::*};
use proof::sha256;

use crate::{
    lamports::pay_out, mpl_core, Config, EvolutionError, Symbiont, BREEDING_STAGE, HATCH_SECONDS,
    MAX_DEPOSIT, MAX_OFFER_SECONDS, MIN_DEPOSIT, MIN_OFFER_SECONDS, REST_SECONDS, REVEAL_SECONDS,
};

/// The two sides: who offers, and who accepts.
pub const A: usize = 0;
pub const B: usize = 1;

const OFFERED: u8 = 0;
const ACCEPTED: u8 = 1;
const DRAWN: u8 = 2;
/// Where the entries of the slot hashes' sysvar begin, and how long one is: slot, hash.
const ENTRIES: usize = 8;
const ENTRY: usize = 40;

/// One brood of two symbionts. It lies at their assets' address pair and is closed when it is over.
#[account]
pub struct Breeding {
    pub config: Address,
    pub assets: [Address; 2],
    /// Who owned them when they agreed.
    pub owners: [Address; 2],
    /// Who paid each deposit and gets it back; who offered also gets the rent.
    pub payers: [Address; 2],
    pub commits: [[u8; 32]; 2],
    /// Zeros until they are revealed.
    pub secrets: [[u8; 32]; 2],
    /// Of the slot in which it was accepted; zeros until it is drawn.
    pub slot_hash: [u8; 32],
    /// Lamports of each side.
    pub deposit: PodU64,
    /// Unix seconds: until then it may be accepted; once it is, until then secrets may be revealed.
    pub until: PodI64,
    /// In which it was accepted.
    pub slot: PodU64,
    /// 0 offered, 1 accepted, 2 drawn.
    pub state: u8,
    /// Whose the child will be: 0 or 1, of the owners.
    pub heir: u8,
    pub revealed: [PodBool; 2],
    /// Standing consent to the child's evolutions, should it be theirs.
    pub consents: [PodBool; 2],
    pub bump: u8,
}

/// What a side brings to the agreement.
pub struct Side {
    pub owner: Address,
    pub payer: Address,
    pub commit: [u8; 32],
    pub consent: bool,
}

/// What both agree on.
pub struct Terms {
    pub deposit: u64,
    pub heir: u8,
}

impl Terms {
    pub fn check(&self) -> Result<()> {
        let within = self.deposit >= MIN_DEPOSIT && self.deposit <= MAX_DEPOSIT;
        require!(within, EvolutionError::DepositLimit);
        require!(self.heir as usize <= B, EvolutionError::NoSuchSide);
        Ok(())
    }
}

/// Whether this symbiont may have a child now. Errors: a seed; it rests; of another collection.
pub fn check_parent(
    symbiont: &Symbiont,
    config: &Account<Config>,
    asset: &Address,
    now: i64,
) -> Result<()> {
    let of = address_eq(&symbiont.config, config.account().address());
    require!(of, EvolutionError::WrongConfig);
    require!(address_eq(&symbiont.asset, asset), EvolutionError::WrongAsset);
    require!(symbiont.stage >= BREEDING_STAGE, EvolutionError::TooYoung);
    require!(now >= symbiont.rested.get(), EvolutionError::Resting);
    Ok(())
}

/// Who owns an asset; none: it is no longer one of this collection.
pub fn owner_of(asset: &AccountView, config: &Config) -> Option<Address> {
    mpl_core::read_asset(asset, &config.collection).ok().map(|view| view.owner)
}

impl Breeding {
    pub fn offer(&mut self, side: Side, terms: &Terms, until: i64, now: i64) -> Result<()> {
        terms.check()?;
        let within = until >= now.saturating_add(MIN_OFFER_SECONDS)
            && until <= now.saturating_add(MAX_OFFER_SECONDS);
        require!(within, EvolutionError::OfferTime);
        self.deposit = terms.deposit.into();
        self.heir = terms.heir;
        self.until = until.into();
        self.take(A, side);
        Ok(())
    }

    /// The terms are said again, since an offer may be withdrawn and made anew under other ones.
    pub fn accept(&mut self, side: Side, terms: &Terms, slot: u64, now: i64) -> Result<()> {
        require!(self.state == OFFERED, EvolutionError::NotOffered);
        require!(now <= self.until.get(), EvolutionError::OfferOver);
        let same = self.deposit.get() == terms.deposit && self.heir == terms.heir;
        require!(same, EvolutionError::OtherTerms);
        self.until = now.saturating_add(REVEAL_SECONDS).into();
        self.slot = slot.into();
        self.state = ACCEPTED;
        self.take(B, side);
        Ok(())
    }

    fn take(&mut self, which: usize, side: Side) {
        self.owners[which] = side.owner;
        self.payers[which] = side.payer;
        self.commits[which] = side.commit;
        self.consents[which] = side.consent.into();
    }

    /// Takes the hash of the slot in which it was accepted, from the sysvar's bytes: their number, then slots
    /// with their hashes, the latest first.
    pub fn draw(&mut self, hashes: &[u8]) -> Result<()> {
        require!(self.state == ACCEPTED, EvolutionError::NotAccepted);
        let slot = self.slot.get();
        let count = u64_at(hashes, 0).ok_or(EvolutionError::SlotNotOver)? as usize;
        let newest = u64_at(hashes, ENTRIES).ok_or(EvolutionError::SlotNotOver)?;
        require!(count > 0 && newest >= slot, EvolutionError::SlotNotOver);
        // slots may be left out, so that it lies here or further to the front
        let mut index = newest.wrapping_sub(slot).min(count as u64 - 1) as usize;
        loop {
            let at = ENTRIES.wrapping_add(index.wrapping_mul(ENTRY));
            let found = u64_at(hashes, at).ok_or(EvolutionError::SlotGone)?;
            if found == slot {
                let hash = hashes.get(at + 8..at + ENTRY).ok_or(EvolutionError::SlotGone)?;
                self.slot_hash.copy_from_slice(hash);
                self.state = DRAWN;
                return Ok(());
            }
            require!(found < slot && index > 0, EvolutionError::SlotGone);
            index = index.wrapping_sub(1);
        }
    }

    /// Takes a secret that its side was bound to. Anyone may bring it.
    pub fn reveal(
        &mut self,
        place: &Address,
        which: u8,
        secret: &[u8; 32],
        now: i64,
    ) -> Result<()> {
        require!(which as usize <= B, EvolutionError::NoSuchSide);
        let which = which as usize;
        require!(self.state == DRAWN, EvolutionError::NotDrawn);
        require!(!self.revealed[which].get(), EvolutionError::RevealedBefore);
        require!(now <= self.until.get(), EvolutionError::RevealOver);
        let commit = sha256(&[secret, place.as_ref(), self.owners[which].as_ref()]);
        require!(commit == self.commits[which], EvolutionError::WrongSecret);
        self.secrets[which] = *secret;
        self.revealed[which] = true.into();
        Ok(())
    }

    pub fn is_revealed(&self) -> bool {
        self.state == DRAWN && self.revealed[A].get() && self.revealed[B].get()
    }

    /// Errors: not the brood of these two under this config.
    pub fn require_pair(&self, config: &Account<Config>, a: &Address, b: &Address) -> Result<()> {
        let of = address_eq(&self.config, config.account().address());
        require!(of, EvolutionError::WrongConfig);
        let pair = address_eq(&self.assets[A], a) && address_eq(&self.assets[B], b);
        require!(pair, EvolutionError::WrongAsset);
        Ok(())
    }

    /// Errors: not those who paid the deposits.
    pub fn require_payers(&self, a: &Address, b: &Address) -> Result<()> {
        let paid = address_eq(&self.payers[A], a) && address_eq(&self.payers[B], b);
        require!(paid, EvolutionError::WrongPayer);
        Ok(())
    }

    /// What of both deposits goes to whom once nothing comes of it, if that is certain already. A side is at fault
    /// that has not revealed in time or has parted with its parent; what it had laid down goes to the other.
    pub fn shares(&self, owners: [Option<Address>; 2], now: i64) -> Result<[u64; 2]> {
        require!(self.state != OFFERED, EvolutionError::NotAccepted);
        let until = self.until.get();
        let fault = |which: usize| {
            let moved = match &owners[which] {
                Some(owner) => !address_eq(owner, &self.owners[which]),
                None => true,
            };
            moved || (now > until && !self.revealed[which].get())
        };
        let faults = [fault(A), fault(B)];
        let over = now > until.saturating_add(HATCH_SECONDS);
        require!(faults[A] || faults[B] || over, EvolutionError::NotLapsed);
        let deposit = self.deposit.get();
        Ok(match faults {
            [true, false] => [0, deposit * 2],
            [false, true] => [deposit * 2, 0],
            _ => [deposit, deposit],
        })
    }

    /// Errors: it was accepted; or whoever offered it still may, and it is not they who sign.
    pub fn require_withdrawal(
        &self,
        signer: Option<&Address>,
        owner: Option<Address>,
        now: i64,
    ) -> Result<()> {
        require!(self.state == OFFERED, EvolutionError::NotOffered);
        let by = signer.is_some_and(|one| address_eq(one, &self.owners[A]));
        let moved = owner.map_or(true, |one| !address_eq(&one, &self.owners[A]));
        require!(by || moved || now > self.until.get(), EvolutionError::WrongOwner);
        Ok(())
    }
}

impl Symbiont {
    /// From now on it rests.
    pub fn rest(&mut self, now: i64) {
        self.rested = now.saturating_add(REST_SECONDS).into();
    }

    pub fn count_child(&mut self) -> Result<()> {
        self.bred = self.bred.get().checked_add(1).ok_or(EvolutionError::Overflow)?.into();
        Ok(())
    }
}

/// Pays B its share, and closes the account: A gets the rest, the rent among it.
pub fn settle(
    breeding: &mut Account<Breeding>,
    payer_a: &UncheckedAccount,
    payer_b: &UncheckedAccount,
    to_b: u64,
) -> Result<()> {
    pay_out(breeding.account(), payer_b.account(), to_b)?;
    AccountClose::close(breeding, *payer_a.account())?;
    Ok(())
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    let part = bytes.get(at..at.checked_add(8)?)?;
    let mut out = [0; 8];
    out.copy_from_slice(part);
    Some(u64::from_le_bytes(out))
}
