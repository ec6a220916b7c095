//! The part of Core's error table that its stand-in can give; the numbers are Core's.
use anchor_lang::Error;

#[derive(Clone, Copy)]
pub enum CoreError {
    InvalidSystemProgram = 0,
    Deserialization = 1,
    PluginNotFound = 4,
    IncorrectAccount = 6,
    InvalidAuthority = 9,
    PluginAlreadyExists = 15,
    NumericalOverflow = 16,
    InvalidCollection = 19,
    NotAvailable = 23,
    MissingCollection = 25,
    NoApprovals = 26,
    CannotRedelegate = 27,
    InvalidPluginSetting = 28,
    ConflictingAuthority = 29,
    InvalidLogWrapperProgram = 30,
}

impl From<CoreError> for Error {
    fn from(error: CoreError) -> Self {
        Error::Custom(error as u32)
    }
}
