//! One file per instruction: accounts, validation, handler.
pub mod challenge;
pub mod forget;
pub mod leave;
pub mod publish;
pub mod recall;
pub mod register;
pub mod set_operator;
pub mod top_up;
pub mod withdraw;

pub use challenge::*;
pub use forget::*;
pub use leave::*;
pub use publish::*;
pub use recall::*;
pub use register::*;
pub use set_operator::*;
pub use top_up::*;
pub use withdraw::*;
