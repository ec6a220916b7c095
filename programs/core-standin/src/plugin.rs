//! Plugins and the authorities over them and over an asset.
use alloc::vec::Vec;

use anchor_lang::pinocchio::address::Address;

use crate::{
    error::CoreError,
    reader::{Malformed, Reader},
};

pub const ROYALTIES: u8 = 0;
pub const UPDATE_DELEGATE: u8 = 4;
pub const ATTRIBUTES: u8 = 6;
/// The greatest plugin number that Core knows.
pub const LAST_PLUGIN: u8 = 18;

/// Who may use a plugin.
#[derive(Clone, Copy, PartialEq)]
pub enum Authority {
    None,
    Owner,
    UpdateAuthority,
    Address(Address),
}

impl Authority {
    /// All supported plugins are managed by the update authority.
    pub const MANAGER: Self = Self::UpdateAuthority;

    pub fn read(reader: &mut Reader) -> Result<Self, Malformed> {
        Ok(match reader.u8()? {
            0 => Self::None,
            1 => Self::Owner,
            2 => Self::UpdateAuthority,
            3 => Self::Address(reader.address()?),
            _ => return Err(Malformed),
        })
    }

    /// Bytes of an authority.
    pub fn len(&self) -> usize {
        if let Self::Address(_) = self {
            33
        } else {
            1
        }
    }

    pub fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::None => out.push(0),
            Self::Owner => out.push(1),
            Self::UpdateAuthority => out.push(2),
            Self::Address(address) => {
                out.push(3);
                out.extend_from_slice(address.as_ref());
            }
        }
    }
}

/// Who may change an asset.
#[derive(Clone, Copy, PartialEq)]
pub enum UpdateAuthority {
    None,
    Address(Address),
    Collection(Address),
}

impl UpdateAuthority {
    pub fn read(reader: &mut Reader) -> Result<Self, Malformed> {
        Ok(match reader.u8()? {
            0 => Self::None,
            1 => Self::Address(reader.address()?),
            2 => Self::Collection(reader.address()?),
            _ => return Err(Malformed),
        })
    }

    /// The address behind it, all zeros for none.
    pub fn key(&self) -> Address {
        match self {
            Self::None => Address::default(),
            Self::Address(address) | Self::Collection(address) => *address,
        }
    }

    pub fn write(&self, out: &mut Vec<u8>) {
        let (tag, address) = match self {
            Self::None => return out.push(0),
            Self::Address(address) => (1, address),
            Self::Collection(address) => (2, address),
        };
        out.push(tag);
        out.extend_from_slice(address.as_ref());
    }
}

/// One plugin: `data` is its Borsh bytes, the first of which is its kind.
#[derive(Clone)]
pub struct Plugin {
    pub data: Vec<u8>,
    pub authority: Authority,
}

impl Plugin {
    pub fn kind(&self) -> u8 {
        self.data[0]
    }

    /// Whether an UpdateDelegate names `address` among its additional delegates.
    pub fn delegates(&self, address: &Address) -> bool {
        self.data[5..].chunks_exact(32).any(|one| one == address.as_ref())
    }
}

/// Bytes of one creator in Royalties: an address and a percentage.
const SHARE: usize = 33;
const MAX_BASIS_POINTS: u16 = 10_000;

/// Whether Royalties are at most all of a price and shared out whole among different creators; other
/// plugins always are. Percentages are added up as Core does, never beyond 255.
pub fn is_sound(data: &[u8]) -> bool {
    if data[0] != ROYALTIES {
        return true;
    }
    let basis_points = u16::from_le_bytes([data[1], data[2]]);
    let shares = data[7..data.len() - 1].chunks_exact(SHARE);
    let sum = shares.clone().fold(0u8, |sum, share| sum.saturating_add(share[32]));
    let twice = shares
        .clone()
        .enumerate()
        .any(|(i, share)| shares.clone().take(i).any(|other| other[..32] == share[..32]));
    basis_points <= MAX_BASIS_POINTS && sum == 100 && !twice
}

/// Steps over one plugin's data and gives its bytes. A plugin without support is `NotAvailable`, and so are
/// Royalties with a list of programs.
pub fn read_plugin<'a>(reader: &mut Reader<'a>) -> Result<Result<&'a [u8], CoreError>, Malformed> {
    let mut known = true;
    let data = reader.span(|reader| match reader.u8()? {
        ROYALTIES => {
            reader.take(2)?;
            let count = reader.u32()? as usize;
            reader.take(count.checked_mul(SHARE).ok_or(Malformed)?)?;
            match reader.u8()? {
                0 => Ok(()),
                1 | 2 => {
                    known = false;
                    Ok(())
                }
                _ => Err(Malformed),
            }
        }
        UPDATE_DELEGATE => {
            let count = reader.u32()? as usize;
            reader.take(count.checked_mul(32).ok_or(Malformed)?).map(|_| ())
        }
        ATTRIBUTES => {
            for _ in 0..reader.u32()? {
                reader.string()?;
                reader.string()?;
            }
            Ok(())
        }
        kind => {
            known = false;
            if kind > LAST_PLUGIN {
                Err(Malformed)
            } else {
                Ok(())
            }
        }
    })?;
    Ok(if known { Ok(data) } else { Err(CoreError::NotAvailable) })
}
