//! Calls of Core.
use anchor_lang::{
    pinocchio::{
        cpi::{invoke_signed_unchecked, CpiAccount, Seed, Signer as CpiSigner},
        instruction::{InstructionAccount, InstructionView},
    },
    prelude::*,
};

use super::Data;
use crate::{MPL_CORE_ID, SEED_ASSET, SEED_CONFIG};

/// What an account is to the called instruction.
#[derive(Clone, Copy)]
pub struct Role {
    writable: bool,
    signer: bool,
}

pub const READ: Role = Role { writable: false, signer: false };
pub const WRITE: Role = Role { writable: true, signer: false };
pub const SIGN: Role = Role { writable: false, signer: true };
pub const WRITE_SIGN: Role = Role { writable: true, signer: true };

/// The accounts of a call of Core, as the SVM takes them.
pub struct Call<'a, const N: usize> {
    metas: [InstructionAccount<'a>; N],
    views: [CpiAccount<'a>; N],
}

impl<'a, const N: usize> Call<'a, N> {
    /// `None` is an optional account that is absent: Core's own address stands there.
    #[inline(always)]
    pub fn new(core: &'a AccountView, accounts: [Option<(&'a AccountView, Role)>; N]) -> Self {
        Self {
            metas: accounts.map(|account| match account {
                Some((view, role)) => {
                    InstructionAccount::new(view.address(), role.writable, role.signer)
                }
                None => InstructionAccount::new(&MPL_CORE_ID, false, false),
            }),
            views: accounts.map(|account| CpiAccount::from(account.map_or(core, |(view, _)| view))),
        }
    }

    /// Takes over the length that the called program has given an account.
    #[inline(always)]
    pub fn refresh(&mut self, index: usize, view: &'a AccountView) {
        self.views[index] = CpiAccount::from(view);
    }

    /// Calls. A refusal of Core's ends the transaction with Core's code.
    #[inline(always)]
    pub fn invoke(&self, data: &Data, signers: &[CpiSigner]) {
        let instruction = InstructionView {
            program_id: &MPL_CORE_ID,
            data: data.written(),
            accounts: &self.metas,
        };
        // SAFETY: Core writes only accounts of its own and lamports; of those given to it here, our
        // zero-copy accounts are read-only signers, and no reference into a Core account is alive.
        unsafe { invoke_signed_unchecked(&instruction, &self.views, signers) };
    }
}

/// The seeds by which a collection's config signs: it is the collection's update authority.
#[inline(always)]
pub fn config_seeds<'a>(collection: &'a Address, bump: &'a [u8; 1]) -> [Seed<'a>; 3] {
    [Seed::from(SEED_CONFIG), Seed::from(collection.as_ref()), Seed::from(bump)]
}

/// Has Core make an asset. It signs by its own address, and its collection by its config's; the bumps are theirs.
#[inline(always)]
pub fn create(
    core: &AccountView,
    [asset, collection, config, payer, owner, system]: [&AccountView; 6],
    genome: &[u8; 32],
    [asset_bump, config_bump]: [u8; 2],
    data: &Data,
) {
    let (asset_bump, config_bump) = ([asset_bump], [config_bump]);
    let asset_seeds = [
        Seed::from(SEED_ASSET),
        Seed::from(collection.address().as_ref()),
        Seed::from(genome),
        Seed::from(&asset_bump),
    ];
    let config_seeds = config_seeds(collection.address(), &config_bump);
    let call = Call::new(
        core,
        [
            Some((asset, WRITE_SIGN)),
            Some((collection, WRITE)),
            Some((config, SIGN)),
            Some((payer, WRITE_SIGN)),
            Some((owner, READ)),
            None,
            Some((system, READ)),
            None,
        ],
    );
    call.invoke(data, &[CpiSigner::from(&asset_seeds), CpiSigner::from(&config_seeds)]);
}
