//! An instruction's accounts, by position; Core writes its own address where an optional one is absent.
use anchor_lang::{
    pinocchio::{
        account::AccountView,
        address::Address,
        sysvars::{rent::Rent, Sysvar},
        Resize,
    },
    Error,
};
use pinocchio_system::instructions::{CreateAccount, Transfer};

use crate::error::CoreError;

const SPL_NOOP: Address = Address::from_str_const("noopb9bkMVfRPU8AsbpTUg8AQkHtKwMYZiFUjNRtMmV");
/// What Core keeps in a new asset's account beyond its rent: the rent of 87 bytes and 3,600 lamports.
const CREATE_FEE_BYTES: usize = 87;
const CREATE_FEE_LAMPORTS: u64 = 3_600;

pub struct Accounts<'a>(pub &'a [AccountView]);

impl<'a> Accounts<'a> {
    pub fn new(views: &'a [AccountView], count: usize) -> Result<Self, Error> {
        if views.len() < count {
            return Err(Error::NotEnoughAccountKeys);
        }
        Ok(Self(views))
    }

    pub fn at(&self, index: usize) -> AccountView {
        self.0[index]
    }

    pub fn optional(&self, index: usize) -> Option<AccountView> {
        let view = self.0[index];
        (view.address() != &crate::ID).then_some(view)
    }

    pub fn signer(&self, index: usize) -> Result<AccountView, Error> {
        signed(self.0[index])
    }

    /// The authority if there is one (it must sign), else the payer.
    pub fn authority(&self, index: usize, payer: AccountView) -> Result<AccountView, Error> {
        self.optional(index).map_or(Ok(payer), signed)
    }

    pub fn system_program(&self, index: usize) -> Result<(), Error> {
        if self.0[index].address() != &pinocchio_system::ID {
            return Err(CoreError::InvalidSystemProgram.into());
        }
        Ok(())
    }

    pub fn log_wrapper(&self, index: usize) -> Result<(), Error> {
        match self.optional(index) {
            Some(view) if view.address() != &SPL_NOOP => {
                Err(CoreError::InvalidLogWrapperProgram.into())
            }
            _ => Ok(()),
        }
    }
}

fn signed(view: AccountView) -> Result<AccountView, Error> {
    if !view.is_signer() {
        return Err(Error::MissingRequiredSignature);
    }
    Ok(view)
}

/// Creates an account of Core's with these bytes in it; an asset's also holds Core's fee.
pub fn create(
    view: &mut AccountView,
    payer: &AccountView,
    bytes: &[u8],
    with_fee: bool,
) -> Result<(), Error> {
    let rent = Rent::get()?;
    let fee = if with_fee {
        rent.try_minimum_balance(CREATE_FEE_BYTES)? + CREATE_FEE_LAMPORTS
    } else {
        0
    };
    CreateAccount {
        from: payer,
        to: view,
        lamports: rent.try_minimum_balance(bytes.len())? + fee,
        space: bytes.len() as u64,
        owner: &crate::ID,
    }
    .invoke()?;
    // SAFETY: the account is new: nothing else holds its data.
    unsafe { view.borrow_unchecked_mut() }.copy_from_slice(bytes);
    Ok(())
}

/// Gives the account its new length; `payer` pays or receives the difference in rent (an account
/// that is its own payer keeps what it has).
pub fn resize(view: &mut AccountView, payer: &mut AccountView, len: usize) -> Result<(), Error> {
    let old = view.data_len();
    if len == old {
        return Ok(());
    }
    let rent = Rent::get()?;
    let (before, after) = (rent.try_minimum_balance(old)?, rent.try_minimum_balance(len)?);
    if view.address() != payer.address() {
        if after >= before {
            Transfer { from: payer, to: view, lamports: after - before }.invoke()?;
        } else {
            payer.set_lamports(payer.lamports() + (before - after));
            view.set_lamports(view.lamports() - (before - after));
        }
    }
    view.resize(len)
}
