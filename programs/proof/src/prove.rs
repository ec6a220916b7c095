//! From a leaf and its path to something a program may believe.
use crate::{path_holds, zone::Entry, Decision, Deed, Hash, RecallView, Refusal, ZoneView};

/// Where a leaf lies: its index among the epoch's leaves, and the hashes up to the root.
#[derive(Clone, Copy)]
pub struct Proof<'a> {
    pub zone: ZoneView<'a>,
    /// The zone account's address.
    pub address: &'a Hash,
    /// For an epoch that has left the ring.
    pub recall: Option<RecallView<'a>>,
    pub index: u32,
    pub path: &'a [u8],
}

impl<'a> Proof<'a> {
    fn entry(&self, zone: u32, epoch: u32) -> Result<Entry<'a>, Refusal> {
        if zone != self.zone.zone() {
            return Err(Refusal::OtherZone);
        }
        match &self.recall {
            Some(recall) => recall.entry(self.address, epoch).ok_or(Refusal::OtherRecall),
            None => self.zone.entry(epoch).ok_or(Refusal::EpochNotHeld),
        }
    }

    fn check(&self, entry: &Entry, leaf: &[u8]) -> Result<(), Refusal> {
        if !path_holds(entry.root, leaf, self.index, entry.leaves, self.path) {
            return Err(Refusal::Path);
        }
        Ok(())
    }
}

/// A decision that the zone published, and the epoch it lies in. Standing and marks are not looked at.
pub fn prove_decision<'a>(
    proof: &Proof<'a>,
    leaf: &'a [u8],
) -> Result<(Decision<'a>, Entry<'a>), Refusal> {
    let decision = Decision::parse(leaf)?;
    let entry = proof.entry(decision.zone(), decision.epoch())?;
    proof.check(&entry, leaf)?;
    Ok((decision, entry))
}

/// A symbiont's deeds that the zone published, and the epoch. Whoever acts on them must also ask
/// whether the zone `stands` and the epoch `is_marked`.
pub fn prove_deed<'z, 'l>(
    proof: &Proof<'z>,
    leaf: &'l [u8],
) -> Result<(Deed<'l>, Entry<'z>), Refusal> {
    let deed = Deed::parse(leaf)?;
    let entry = proof.entry(deed.zone(), deed.epoch())?;
    proof.check(&entry, leaf)?;
    Ok((deed, entry))
}
