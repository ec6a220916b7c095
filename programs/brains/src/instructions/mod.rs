//! One file per instruction: accounts, validation, handler.
pub mod close;
pub mod create;
pub mod evaluate;
pub mod judge;
pub mod seal;
pub mod set_price;
pub mod write;

pub use close::*;
pub use create::*;
pub use evaluate::*;
pub use judge::*;
pub use seal::*;
pub use set_price::*;
pub use write::*;
