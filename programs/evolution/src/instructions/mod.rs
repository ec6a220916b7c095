//! One file per instruction: accounts, validation, handler.
pub mod create_collection;
pub mod evolve;
pub mod mint;
pub mod set_consent;
pub mod set_paused;
pub mod set_rule;
pub mod set_zone;

pub use create_collection::*;
pub use evolve::*;
pub use mint::*;
pub use set_consent::*;
pub use set_paused::*;
pub use set_rule::*;
pub use set_zone::*;
