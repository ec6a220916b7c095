//! One file per instruction: accounts, validation, handler.
pub mod accept_authority;
pub mod create_collection;
pub mod evolve;
pub mod mint;
pub mod propose_authority;
pub mod set_consent;
pub mod set_daily_cap;
pub mod set_metadata;
pub mod set_minter;
pub mod set_paused;
pub mod set_royalties;
pub mod set_rule;
pub mod set_zone;

pub use accept_authority::*;
pub use create_collection::*;
pub use evolve::*;
pub use mint::*;
pub use propose_authority::*;
pub use set_consent::*;
pub use set_daily_cap::*;
pub use set_metadata::*;
pub use set_minter::*;
pub use set_paused::*;
pub use set_royalties::*;
pub use set_rule::*;
pub use set_zone::*;
