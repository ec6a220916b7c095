//! What a creator asks for on a sale.
use anchor_lang::{address_eq, prelude::*};

use crate::{EvolutionError, MAX_BASIS_POINTS, MAX_SHARES};

/// One who shares in royalties.
#[derive(AnchorSerialize, AnchorDeserialize, IdlType, Clone)]
pub struct Share {
    pub address: Address,
    pub percentage: u8,
}

/// Errors: above 10,000 basis points; no share or more than five, one twice, or not 100 percent together.
pub fn check_royalties(basis_points: u16, shares: &[Share]) -> Result<()> {
    require!(basis_points <= MAX_BASIS_POINTS, EvolutionError::BasisPoints);
    let count = shares.len();
    require!(count >= 1 && count <= MAX_SHARES as usize, EvolutionError::Shares);
    let mut sum = 0u32;
    for (i, share) in shares.iter().enumerate() {
        let twice = shares[..i].iter().any(|other| address_eq(&other.address, &share.address));
        require!(!twice, EvolutionError::Shares);
        sum = sum.wrapping_add(share.percentage as u32);
    }
    require!(sum == 100, EvolutionError::Shares);
    Ok(())
}
