//! One code for each refusal.
use anchor_lang::prelude::*;

#[error_code]
pub enum BrainsError {
    #[msg("author: not the brain's")]
    WrongAuthor,
    #[msg("file_bytes: 1 to 114,688, and within the account")]
    FileBytes,
    #[msg("licence: printable ASCII, then zeros; at least one character")]
    Licence,
    #[msg("parent: the brain itself")]
    OwnParent,
    #[msg("brain: sealed, nothing changes it any more")]
    Sealed,
    #[msg("brain: not a sealed brain of this program")]
    NotSealed,
    #[msg("bytes: at least one, and none beyond the file's end")]
    WriteRange,
    #[msg("file: its SHA-256 is not the brain's id")]
    WrongId,
    #[msg("file: its text is not as the encoder writes it")]
    FileText,
    #[msg("layers: 1 to 4, widths 1 to 128, at most 16 outputs, shifts 0 to 31, each joined to the next")]
    Shape,
    #[msg("file: its data section is not as long as its layers need")]
    FileLength,
    #[msg("weightsHash: not the SHA-256 of the data section")]
    WrongWeightsHash,
    #[msg("bias: beyond 2^30")]
    Bias,
    #[msg("account: not exactly as long as header and network (or file, if that is longer)")]
    AccountSize,
    #[msg("observations: as many as the brain reads, each 0 to 127")]
    Observations,
    #[msg("leaf: no decision in its only encoding")]
    Leaf,
    #[msg("leaf: of another zone")]
    OtherZone,
    #[msg("leaf: its epoch is not in the zone's ring")]
    EpochNotHeld,
    #[msg("recall: of another zone or epoch")]
    OtherRecall,
    #[msg("path: does not lead from the leaf to the epoch's root")]
    Path,
    #[msg("zone: not an account of the chronicle program")]
    NotAZone,
    #[msg("recall: not an account of the chronicle program")]
    NotARecall,
    #[msg("brain: not the one that the leaf names")]
    OtherBrain,
}

impl From<referee::Refusal> for BrainsError {
    fn from(refusal: referee::Refusal) -> Self {
        use referee::Refusal;
        match refusal {
            Refusal::FileText => Self::FileText,
            Refusal::Shape => Self::Shape,
            Refusal::FileLength => Self::FileLength,
            Refusal::Bias => Self::Bias,
            Refusal::NotSealed => Self::NotSealed,
            Refusal::Observations => Self::Observations,
        }
    }
}

impl From<proof::Refusal> for BrainsError {
    fn from(refusal: proof::Refusal) -> Self {
        use proof::Refusal;
        match refusal {
            Refusal::Leaf | Refusal::Header => Self::Leaf,
            Refusal::OtherZone => Self::OtherZone,
            Refusal::EpochNotHeld => Self::EpochNotHeld,
            Refusal::OtherRecall => Self::OtherRecall,
            Refusal::Path => Self::Path,
            Refusal::NotAZone => Self::NotAZone,
            Refusal::NotARecall => Self::NotARecall,
        }
    }
}
