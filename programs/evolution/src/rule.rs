//! The rule of growth. Its twin in TypeScript is shared/growth/rule.ts; both read the same vectors.
use alloc::vec::Vec;

use anchor_lang::prelude::*;
use bytemuck::{Pod, Zeroable};

use crate::{EvolutionError, BRANCHES, DEEDS, MAX_DEED, MAX_STEPS};

/// What one step asks for: every counter at its threshold, and the weighted sum at its minimum.
#[derive(AnchorSerialize, AnchorDeserialize, IdlType, Clone)]
pub struct StepArgs {
    pub thresholds: [u32; 8],
    pub weights: [u8; 8],
    pub minimum: u32,
}

/// A rule as a creator gives it. `branch_stage` 0: no branches, and then all their weights are 0.
#[derive(AnchorSerialize, AnchorDeserialize, IdlType, Clone)]
pub struct RuleArgs {
    pub steps: Vec<StepArgs>,
    pub branch_stage: u8,
    pub branches: [[u8; 8]; 4],
}

/// A step as it is stored.
#[derive(Clone, Copy, Pod, Zeroable, IdlType)]
#[repr(C)]
pub struct Step {
    pub thresholds: [PodU32; 8],
    pub weights: [u8; 8],
    pub minimum: PodU32,
}

/// A rule as it is stored: `steps[0]` leads from stage 0 to 1; unused steps are zero.
#[derive(Clone, Copy, Pod, Zeroable, IdlType)]
#[repr(C)]
pub struct Rule {
    pub step_count: u8,
    pub branch_stage: u8,
    pub steps: [Step; 5],
    pub branches: [[u8; 8]; 4],
}

/// Eight u32 times eight u8 stay below 2^43: nothing wraps, and a checked product of u64 is dear here.
fn weighted(weights: &[u8; DEEDS], deeds: &[u32; DEEDS]) -> u64 {
    let mut sum = 0u64;
    for i in 0..DEEDS {
        sum = sum.wrapping_add((weights[i] as u64).wrapping_mul(deeds[i] as u64));
    }
    sum
}

impl RuleArgs {
    /// The rule to store, if it is one: finite, never asking less at a later stage, every stage
    /// reachable, and the first branch with some weight (a branch of zeros is never taken).
    pub fn checked(&self) -> Result<Rule> {
        let mut rule: Rule = Zeroable::zeroed();
        let count = self.steps.len();
        require!(count >= 1 && count <= MAX_STEPS as usize, EvolutionError::RuleSteps);
        require!(self.branch_stage as usize <= count, EvolutionError::RuleBranchStage);
        for (i, step) in self.steps.iter().enumerate() {
            check_step(step, if i > 0 { Some(&self.steps[i - 1]) } else { None })?;
            rule.steps[i] = Step {
                thresholds: step.thresholds.map(Into::into),
                weights: step.weights,
                minimum: step.minimum.into(),
            };
        }
        let weighs = |branch: &[u8; DEEDS]| branch.iter().any(|weight| *weight > 0);
        let sound = if self.branch_stage > 0 {
            weighs(&self.branches[0])
        } else {
            !self.branches.iter().any(weighs)
        };
        require!(sound, EvolutionError::RuleBranches);
        rule.step_count = count as u8;
        rule.branch_stage = self.branch_stage;
        rule.branches = self.branches;
        Ok(rule)
    }
}

fn check_step(step: &StepArgs, before: Option<&StepArgs>) -> Result<()> {
    let limited = step.minimum <= MAX_DEED && step.thresholds.iter().all(|one| *one <= MAX_DEED);
    require!(limited, EvolutionError::RuleLimit);
    let asks = step.minimum > 0 || step.thresholds.iter().any(|one| *one > 0);
    require!(asks, EvolutionError::RuleEmptyStep);
    let weighs = step.weights.iter().any(|weight| *weight > 0);
    require!(step.minimum == 0 || weighs, EvolutionError::RuleUnreachable);
    if let Some(before) = before {
        let grows = step.minimum >= before.minimum
            && (0..DEEDS).all(|i| step.thresholds[i] >= before.thresholds[i]);
        require!(grows, EvolutionError::RuleDecreasing);
    }
    Ok(())
}

impl Rule {
    /// The next stage and the branch after it, if these deeds reach it. One stage at a time. The
    /// branch is chosen on reaching `branch_stage`: the greatest weighted sum, the lowest on a tie.
    pub fn next(&self, stage: u8, branch: u8, deeds: &[u32; DEEDS]) -> Option<(u8, u8)> {
        if stage >= self.step_count {
            return None;
        }
        let step = &self.steps[stage as usize];
        for i in 0..DEEDS {
            if deeds[i] < step.thresholds[i].get() {
                return None;
            }
        }
        if weighted(&step.weights, deeds) < step.minimum.get() as u64 {
            return None;
        }
        let reached = stage + 1;
        Some((reached, if reached == self.branch_stage { self.choose(deeds) } else { branch }))
    }

    fn choose(&self, deeds: &[u32; DEEDS]) -> u8 {
        let mut best = (0, weighted(&self.branches[0], deeds));
        for i in 1..BRANCHES {
            let sum = weighted(&self.branches[i], deeds);
            if sum > best.1 {
                best = (i, sum);
            }
        }
        best.0 as u8 + 1
    }
}
