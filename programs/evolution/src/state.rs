//! The program's accounts. Each changes only by its own methods.
use anchor_lang::{address_eq, prelude::*};

use crate::{EvolutionError, Rule, DAY_SECONDS, DEEDS, MAX_PRICE};

/// Stands where there is no key.
pub const NOBODY: Address = Address::new_from_array([0; 32]);

/// A collection of symbionts.
#[account]
pub struct Config {
    /// Who sets rule, zone, minter, cap, name and royalties.
    pub authority: Address,
    /// Who may take over as authority; all zeros: nobody.
    pub proposed: Address,
    /// The Core collection; this config is its update authority.
    pub collection: Address,
    /// The account of the chronicle's zone whose deeds count; all zeros: none.
    pub zone: Address,
    /// Who may mint besides the authority; all zeros: nobody.
    pub minter: Address,
    /// How many symbionts were minted.
    pub minted: PodU32,
    /// Evolutions of one symbiont a day, at most; 0: as many as it earns.
    pub daily_cap: PodU16,
    pub paused: PodBool,
    pub bump: u8,
    pub rule: Rule,
    /// Whom the price is paid to; all zeros: nobody, and then there is no price.
    pub treasury: Address,
    /// SHA-256 of the art model that draws this collection; all zeros: the world's own.
    pub model: [u8; 32],
    /// Lamports that a mint costs, unless the authority itself mints; 0: nothing.
    pub price: PodU64,
    /// How many there will ever be, bred ones among them; 0: no limit.
    pub supply: PodU32,
}

/// A symbiont: what its asset shows, in a form that the program computes with.
#[account]
pub struct Symbiont {
    pub asset: Address,
    pub config: Address,
    /// The owner who gave standing consent; all zeros: none. It counts only while they own the asset.
    pub consent: Address,
    pub genome: [u8; 32],
    /// SHA-256 of the picture's bytes.
    pub picture: [u8; 32],
    /// How often it changed; each evolution names the version it starts from.
    pub version: PodU64,
    /// The day of its last evolution under a cap, counted from 1970, and how many there were on it.
    pub day: PodU32,
    pub today: PodU16,
    pub deeds: [PodU32; 8],
    pub stage: u8,
    /// 0 until the rule's branch stage, then 1 to 4.
    pub branch: u8,
    pub bump: u8,
    /// The Core assets that it was bred from; all zeros: it was minted.
    pub parents: [Address; 2],
    /// Unix seconds from which on it may have a child again.
    pub rested: PodI64,
    /// How many children it has.
    pub bred: PodU16,
    /// Its place in its line: one more than the later of its parents', 0 where it has none.
    pub generation: PodU16,
}

impl Config {
    pub fn require_authority(&self, signer: &Address) -> Result<()> {
        require!(address_eq(&self.authority, signer), EvolutionError::WrongAuthority);
        Ok(())
    }

    /// All zeros is nobody's key, so that a revoked minter is none.
    pub fn may_mint(&self, signer: &Address) -> bool {
        let named = address_eq(&self.minter, signer) && !address_eq(&self.minter, &NOBODY);
        named || address_eq(&self.authority, signer)
    }

    /// Hands authority over to whom it was proposed to, once they sign themselves: no slip of the
    /// pen locks a collection.
    pub fn accept(&mut self, signer: &Address) -> Result<()> {
        let named = address_eq(&self.proposed, signer) && !address_eq(&self.proposed, &NOBODY);
        require!(named, EvolutionError::WrongProposed);
        self.authority = self.proposed;
        self.proposed = NOBODY;
        Ok(())
    }

    pub fn require_running(&self) -> Result<()> {
        require!(!self.paused.get(), EvolutionError::Paused);
        Ok(())
    }

    /// Limits how many there will ever be. A limit is a promise to whoever holds one: it only falls.
    pub fn limit_supply(&mut self, supply: u32) -> Result<()> {
        let before = self.supply.get();
        require!(before == 0 || (supply > 0 && supply <= before), EvolutionError::SupplyRaised);
        require!(supply == 0 || supply >= self.minted.get(), EvolutionError::SupplyBelowMinted);
        self.supply = supply.into();
        Ok(())
    }

    /// What a mint costs, and whom it is paid to.
    pub fn ask(&mut self, price: u64, treasury: Address) -> Result<()> {
        require!(price <= MAX_PRICE, EvolutionError::PriceLimit);
        require!(price == 0 || !address_eq(&treasury, &NOBODY), EvolutionError::TreasuryMissing);
        self.price = price.into();
        self.treasury = treasury;
        Ok(())
    }

    /// What this signer pays for a mint.
    pub fn price_for(&self, signer: &Address) -> u64 {
        if address_eq(&self.authority, signer) {
            0
        } else {
            self.price.get()
        }
    }

    pub fn count_mint(&mut self) -> Result<()> {
        let minted = self.minted.get().checked_add(1).ok_or(EvolutionError::Overflow)?;
        let supply = self.supply.get();
        require!(supply == 0 || minted <= supply, EvolutionError::SoldOut);
        self.minted = minted.into();
        Ok(())
    }
}

impl Symbiont {
    pub fn counters(&self) -> [u32; DEEDS] {
        self.deeds.map(|deed| deed.get())
    }

    pub fn consents(&self, owner: &Address) -> bool {
        address_eq(&self.consent, owner) && !address_eq(&self.consent, &NOBODY)
    }

    /// Counts an evolution at `now` (Unix seconds) if fewer than `cap` happened on that day.
    pub fn count_today(&mut self, cap: u16, now: i64) -> Result<()> {
        let day = (now.max(0) as u64 / DAY_SECONDS) as u32;
        let before = if self.day.get() == day { self.today.get() } else { 0 };
        require!(before < cap, EvolutionError::CapReached);
        self.day = day.into();
        self.today = before.wrapping_add(1).into();
        Ok(())
    }

    /// Takes over what the zone attests and grows by one stage, or refuses and changes nothing.
    pub fn grow(
        &mut self,
        rule: &Rule,
        deeds: &[u32; DEEDS],
        version: u64,
        picture: &[u8; 32],
    ) -> Result<()> {
        require!(version == self.version.get(), EvolutionError::WrongVersion);
        let stored = self.counters();
        for i in 0..DEEDS {
            require!(deeds[i] >= stored[i], EvolutionError::DeedsDecrease);
        }
        let next = rule.next(self.stage, self.branch, deeds).ok_or(EvolutionError::RuleNotMet)?;
        self.version = version.checked_add(1).ok_or(EvolutionError::Overflow)?.into();
        (self.stage, self.branch) = next;
        self.deeds = deeds.map(Into::into);
        self.picture = *picture;
        Ok(())
    }
}
